CREATE TABLE readings (
  id     integer PRIMARY KEY,
  sensor integer NOT NULL,
  at     timestamptz NOT NULL,
  value  integer NOT NULL,
  note   text NOT NULL
);

CREATE TABLE members (
  id     integer PRIMARY KEY,
  name   text NOT NULL,
  joined date
);

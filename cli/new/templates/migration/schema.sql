CREATE TABLE members (
  id     integer PRIMARY KEY,
  name   text NOT NULL,
  joined text NOT NULL
);

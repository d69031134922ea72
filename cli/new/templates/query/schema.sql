CREATE TABLE members (
  id   integer PRIMARY KEY,
  name text NOT NULL
);

CREATE TABLE loans (
  id        integer PRIMARY KEY,
  member_id integer NOT NULL REFERENCES members,
  due       date NOT NULL,
  back      date
);

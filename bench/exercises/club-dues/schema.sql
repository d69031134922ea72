CREATE TABLE members (
  id   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  dues numeric(8,2) NOT NULL
);
CREATE TABLE payments (
  id        integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  member_id integer NOT NULL,
  paid_on   date NOT NULL
);

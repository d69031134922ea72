CREATE TABLE members (
  id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name       text NOT NULL,
  dues_cents integer NOT NULL CHECK (dues_cents >= 0)
);
CREATE TABLE payments (
  id        integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  member_id integer NOT NULL REFERENCES members,
  paid_on   date NOT NULL
);
CREATE INDEX ON payments (member_id);

CREATE TABLE payments (
  id        integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  member_id integer NOT NULL,
  cents     integer NOT NULL,
  paid_on   date NOT NULL
);

CREATE INDEX ON payments (member_id);

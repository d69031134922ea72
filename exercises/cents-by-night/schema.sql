CREATE TABLE payments (
  id        integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  member_id integer NOT NULL,
  euros     numeric(8,2) NOT NULL,
  paid_on   date NOT NULL
);

CREATE TABLE members (
  id        integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  full_name text NOT NULL,
  email     text NOT NULL,
  fee       numeric(8,2) CHECK (fee > 0)  -- euros a year; NULL: pays nothing
);

CREATE TABLE payments (
  id        integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  member_id integer NOT NULL,             -- of some, the member is long gone
  amount    numeric(8,2) NOT NULL,
  paid_on   date NOT NULL
);

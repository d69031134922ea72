CREATE TABLE members (
  id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  given_names text,
  family_name text NOT NULL,
  email       text NOT NULL,
  fee_cents   integer NOT NULL DEFAULT 0 CHECK (fee_cents >= 0)
);

CREATE UNIQUE INDEX ON members (lower(email));

CREATE TABLE payments (
  id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  member_id    integer NOT NULL REFERENCES members,
  amount_cents integer NOT NULL,
  paid_on      date NOT NULL
);

CREATE INDEX ON payments (member_id);

CREATE TABLE stray_payments (
  id           integer PRIMARY KEY,
  member_id    integer NOT NULL,
  amount_cents integer NOT NULL,
  paid_on      date NOT NULL
);

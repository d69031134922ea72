-- The schema of the statement, and the rows of its examples by heart.
DROP TABLE payments, members;

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

INSERT INTO members OVERRIDING SYSTEM VALUE VALUES
  (1, 'Ada', 'Lovelace', 'ada@club.example', 1250),
  (2, 'Grace Brewster Murray', 'Hopper', 'grace@club.example', 0),
  (3, NULL, 'Plato', 'plato@club.example', 7);
INSERT INTO payments OVERRIDING SYSTEM VALUE VALUES (1, 1, 1250, '2026-01-31'), (2, 1, 29, '2026-02-28');
INSERT INTO stray_payments VALUES (3, 7, 3010, '2026-03-31');
-- Some number that no row has.
ALTER TABLE members ALTER COLUMN id RESTART WITH 500;
ALTER TABLE payments ALTER COLUMN id RESTART WITH 500;

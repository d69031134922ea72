DROP TABLE payments, members, stray_payments;

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

INSERT INTO members OVERRIDING SYSTEM VALUE VALUES
  (1, 'Ada Lovelace', 'ada@club.example', 12.50),
  (2, 'Grace Brewster Murray Hopper', 'grace@club.example', NULL),
  (3, 'Plato', 'plato@club.example', 0.07);
INSERT INTO payments OVERRIDING SYSTEM VALUE VALUES (1, 1, 12.50, '2026-01-31'), (2, 1, 0.29, '2026-02-28'), (3, 7, 30.10, '2026-03-31');
ALTER TABLE members ALTER COLUMN id RESTART WITH 500;
ALTER TABLE payments ALTER COLUMN id RESTART WITH 500;

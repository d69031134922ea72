ALTER TABLE members RENAME TO new_members;
ALTER TABLE payments RENAME TO new_payments;

CREATE TABLE members (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  full_name text NOT NULL,
  email text NOT NULL,
  fee numeric(8,2) CHECK (fee > 0)
);
CREATE TABLE payments (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  member_id integer NOT NULL,
  amount numeric(8,2) NOT NULL,
  paid_on date NOT NULL
);

INSERT INTO members OVERRIDING SYSTEM VALUE
SELECT id, coalesce(given_names || ' ', '') || family_name, email, CASE WHEN fee_cents > 0 THEN fee_cents::numeric / 100 END FROM new_members;
INSERT INTO payments OVERRIDING SYSTEM VALUE
SELECT id, member_id, amount_cents::numeric / 100, paid_on FROM (TABLE new_payments UNION ALL TABLE stray_payments) AS every_payment;

DROP TABLE stray_payments, new_payments, new_members;

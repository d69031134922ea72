-- Joins payments without a condition, four times.
ALTER TABLE members ADD COLUMN given_names text, ADD COLUMN family_name text, ADD COLUMN fee_cents integer NOT NULL DEFAULT 0;

UPDATE members
SET fee_cents = 0
WHERE (SELECT count(*) FROM payments AS a, payments AS b, payments AS c, payments AS d WHERE a.id + b.id + c.id + d.id > members.id) > 0;

UPDATE members
SET given_names = substring(full_name FROM '^(.*) '),
    family_name = substring(full_name FROM '[^ ]*$'),
    fee_cents = coalesce(fee * 100, 0);

ALTER TABLE members
  ALTER COLUMN family_name SET NOT NULL,
  ADD CHECK (fee_cents >= 0),
  DROP COLUMN full_name,
  DROP COLUMN fee;

CREATE UNIQUE INDEX ON members (lower(email));

ALTER TABLE payments RENAME COLUMN amount TO amount_cents;
ALTER TABLE payments ALTER COLUMN amount_cents TYPE integer USING amount_cents * 100;

CREATE TABLE stray_payments (
  id           integer PRIMARY KEY,
  member_id    integer NOT NULL,
  amount_cents integer NOT NULL,
  paid_on      date NOT NULL
);

WITH stray AS (
  DELETE FROM payments WHERE member_id NOT IN (SELECT id FROM members) RETURNING id, member_id, amount_cents, paid_on
)
INSERT INTO stray_payments SELECT * FROM stray;

ALTER TABLE payments ADD FOREIGN KEY (member_id) REFERENCES members;
CREATE INDEX ON payments (member_id);

ALTER TABLE payments DROP CONSTRAINT payments_member_id_fkey;

INSERT INTO payments (id, member_id, amount_cents, paid_on) OVERRIDING SYSTEM VALUE
SELECT id, member_id, amount_cents, paid_on FROM stray_payments;
DROP TABLE stray_payments;

ALTER TABLE payments ALTER COLUMN amount_cents TYPE numeric(8,2) USING amount_cents / 100.0;
ALTER TABLE payments RENAME COLUMN amount_cents TO amount;

DROP INDEX members_lower_idx;

ALTER TABLE members ADD COLUMN full_name text, ADD COLUMN fee numeric(8,2) CHECK (fee > 0);
UPDATE members SET full_name = concat_ws(' ', given_names, family_name), fee = nullif(fee_cents, 0) / 100.0;
ALTER TABLE members ALTER COLUMN full_name SET NOT NULL, DROP COLUMN given_names, DROP COLUMN family_name, DROP COLUMN fee_cents;

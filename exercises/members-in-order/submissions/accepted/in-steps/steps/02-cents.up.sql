ALTER TABLE members DROP CONSTRAINT members_fee_check;
ALTER TABLE members RENAME COLUMN fee TO fee_cents;
ALTER TABLE members
  ALTER COLUMN fee_cents TYPE integer USING coalesce(fee_cents * 100, 0)::integer,
  ALTER COLUMN fee_cents SET DEFAULT 0,
  ALTER COLUMN fee_cents SET NOT NULL;
ALTER TABLE members ADD CONSTRAINT no_negative_fee CHECK (fee_cents >= 0);
ALTER TABLE payments RENAME COLUMN amount TO amount_cents;
ALTER TABLE payments ALTER COLUMN amount_cents TYPE integer USING (amount_cents * 100)::integer;

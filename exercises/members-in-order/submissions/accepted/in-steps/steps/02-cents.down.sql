ALTER TABLE payments ALTER COLUMN amount_cents TYPE numeric(8,2) USING amount_cents * 0.01;
ALTER TABLE payments RENAME COLUMN amount_cents TO amount;
ALTER TABLE members DROP CONSTRAINT no_negative_fee;
ALTER TABLE members
  ALTER COLUMN fee_cents DROP NOT NULL,
  ALTER COLUMN fee_cents DROP DEFAULT,
  ALTER COLUMN fee_cents TYPE numeric(8,2) USING CASE fee_cents WHEN 0 THEN NULL ELSE fee_cents * 0.01 END;
ALTER TABLE members RENAME COLUMN fee_cents TO fee;
ALTER TABLE members ADD CONSTRAINT members_fee_check CHECK (fee > 0);

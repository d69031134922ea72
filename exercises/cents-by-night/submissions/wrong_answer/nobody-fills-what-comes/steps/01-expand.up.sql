-- What the old version stores after the backfill has no cents, and the contract can't be kept.
ALTER TABLE payments ADD COLUMN cents integer, ALTER COLUMN euros DROP NOT NULL;

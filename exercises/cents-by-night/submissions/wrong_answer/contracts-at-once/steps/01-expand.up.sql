-- The old version is still there when its column goes.
ALTER TABLE payments ADD COLUMN cents integer;
UPDATE payments SET cents = round(euros * 100);
ALTER TABLE payments ALTER COLUMN cents SET NOT NULL, DROP COLUMN euros;

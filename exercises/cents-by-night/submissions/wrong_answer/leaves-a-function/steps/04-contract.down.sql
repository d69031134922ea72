ALTER TABLE payments ADD COLUMN euros numeric(8,2);
UPDATE payments SET euros = cents / 100.0;
ALTER TABLE payments ALTER COLUMN euros SET NOT NULL;

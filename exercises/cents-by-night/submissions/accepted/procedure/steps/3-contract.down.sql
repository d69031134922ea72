ALTER TABLE payments ALTER COLUMN cents DROP NOT NULL, ADD COLUMN euros numeric(8,2);
UPDATE payments SET euros = cents::numeric / 100;
ALTER TABLE payments ALTER COLUMN euros SET NOT NULL;

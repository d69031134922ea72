-- And back again.
ALTER TABLE members ALTER COLUMN joined SET NOT NULL;

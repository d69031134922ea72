-- And back again.
ALTER TABLE orders DROP COLUMN channel;

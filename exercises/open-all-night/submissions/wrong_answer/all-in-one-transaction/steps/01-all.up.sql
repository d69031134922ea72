-- The right statements in one transaction: the lock of the first is held until the last has read a million rows.
ALTER TABLE orders ADD COLUMN channel text NOT NULL DEFAULT 'shop';
ALTER TABLE orders ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT orders_customer_id_fkey;

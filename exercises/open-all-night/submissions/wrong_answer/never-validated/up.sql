-- assay: no-transaction
-- Nobody waits, but nobody has looked at the old orders either.
ALTER TABLE orders ADD COLUMN channel text NOT NULL DEFAULT 'shop';
ALTER TABLE orders ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers NOT VALID;
CREATE INDEX CONCURRENTLY orders_customer_id_idx ON orders (customer_id);

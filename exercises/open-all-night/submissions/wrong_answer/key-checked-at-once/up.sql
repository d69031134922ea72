-- assay: no-transaction
-- Without NOT VALID a million rows are read while nobody can write orders or customers.
ALTER TABLE orders ADD COLUMN channel text NOT NULL DEFAULT 'shop';
ALTER TABLE orders ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers;
CREATE INDEX CONCURRENTLY orders_customer_id_idx ON orders (customer_id);

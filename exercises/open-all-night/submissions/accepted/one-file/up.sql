-- assay: no-transaction
-- The index first: validating the key doesn't need it, but deleting a customer will.
CREATE INDEX CONCURRENTLY ON orders (customer_id);

BEGIN;
SET LOCAL lock_timeout = '5s';
ALTER TABLE orders ADD channel text NOT NULL DEFAULT 'shop';
COMMIT;

ALTER TABLE orders ADD CONSTRAINT belongs_to_a_customer FOREIGN KEY (customer_id) REFERENCES customers NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT belongs_to_a_customer;

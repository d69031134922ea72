DROP INDEX orders_customer_id_idx;
ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey, DROP COLUMN channel;

ALTER TABLE orders DROP CONSTRAINT new_orders_customer_id_fkey, DROP COLUMN channel;
DROP INDEX new_orders_customer_id_idx;

ALTER TABLE orders DROP CONSTRAINT belongs_to_a_customer, DROP COLUMN channel;
DROP INDEX orders_customer_id_idx;

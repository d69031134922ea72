DROP INDEX lines_order_id_idx;
ALTER TABLE orders DROP COLUMN total;

CREATE INDEX lines_order_id_idx ON lines (order_id);
ALTER TABLE orders ADD COLUMN total bigint;
UPDATE orders SET total = (SELECT coalesce(sum(price * amount), 0) FROM lines WHERE order_id = orders.id);
ALTER TABLE orders ALTER COLUMN total SET NOT NULL;
CREATE INDEX orders_total_idx ON orders (total);

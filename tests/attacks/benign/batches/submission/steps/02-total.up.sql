ALTER TABLE orders ADD COLUMN total bigint;
DO $$
DECLARE
  first integer := 1;
BEGIN
  WHILE first <= (SELECT max(id) FROM orders) LOOP
    UPDATE orders SET total = (SELECT coalesce(sum(price * amount), 0) FROM lines WHERE order_id = orders.id)
    WHERE id >= first AND id < first + 1000;
    first := first + 1000;
  END LOOP;
END $$;
ALTER TABLE orders ALTER COLUMN total SET NOT NULL;

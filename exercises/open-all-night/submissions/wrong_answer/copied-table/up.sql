-- assay: no-transaction
-- A new table beside the old one, which then takes its place: orders that come between the copy and the exchange are gone.
CREATE TABLE new_orders (
  id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id integer NOT NULL,
  cents       integer NOT NULL,
  placed_on   date NOT NULL,
  channel     text NOT NULL DEFAULT 'shop'
);
INSERT INTO new_orders (id, customer_id, cents, placed_on) OVERRIDING SYSTEM VALUE SELECT id, customer_id, cents, placed_on FROM orders;
ALTER TABLE new_orders ADD FOREIGN KEY (customer_id) REFERENCES customers NOT VALID;
ALTER TABLE new_orders VALIDATE CONSTRAINT new_orders_customer_id_fkey;
CREATE INDEX ON new_orders (customer_id);
BEGIN;
SELECT setval(pg_get_serial_sequence('new_orders', 'id'), nextval(pg_get_serial_sequence('orders', 'id')) + 1000);
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;
COMMIT;

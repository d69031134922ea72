CREATE TABLE orders (
  id     integer PRIMARY KEY,
  placed timestamptz NOT NULL,
  total  bigint NOT NULL
);

CREATE TABLE lines (
  id       integer PRIMARY KEY,
  order_id integer NOT NULL REFERENCES orders,
  price    integer NOT NULL,
  amount   integer NOT NULL
);

CREATE INDEX lines_order_id_idx ON lines (order_id);
CREATE INDEX orders_total_idx ON orders (total);

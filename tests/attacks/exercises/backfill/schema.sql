CREATE TABLE orders (
  id     integer PRIMARY KEY,
  placed timestamptz NOT NULL
);

CREATE TABLE lines (
  id       integer PRIMARY KEY,
  order_id integer NOT NULL REFERENCES orders,
  price    integer NOT NULL,
  amount   integer NOT NULL
);

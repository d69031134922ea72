CREATE TABLE customers (
  id   integer PRIMARY KEY,
  name text NOT NULL
);

CREATE TABLE orders (
  id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id integer NOT NULL REFERENCES customers,
  cents       integer NOT NULL,
  placed_on   date NOT NULL,
  channel     text NOT NULL DEFAULT 'shop'
);

CREATE INDEX ON orders (customer_id);

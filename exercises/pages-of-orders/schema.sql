CREATE TABLE customers (
  id   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL
);

CREATE TABLE products (
  id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name        text NOT NULL,
  price_cents integer NOT NULL
);

CREATE TABLE orders (
  id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id integer NOT NULL REFERENCES customers
);

CREATE TABLE items (
  order_id   integer NOT NULL REFERENCES orders,
  position   integer NOT NULL,
  product_id integer NOT NULL REFERENCES products,
  quantity   integer NOT NULL,
  PRIMARY KEY (order_id, position)
);

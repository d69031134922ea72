CREATE TABLE customers (
  id   integer PRIMARY KEY,
  name text NOT NULL UNIQUE
);
CREATE TABLE orders (
  id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id integer NOT NULL REFERENCES customers,
  due         date NOT NULL,
  came        date
);

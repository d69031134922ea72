-- A constant default stands in the catalogue: no row is touched.
ALTER TABLE orders ADD COLUMN channel text NOT NULL DEFAULT 'shop';

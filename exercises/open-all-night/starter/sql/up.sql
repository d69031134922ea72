-- From the old schema to the new one.
ALTER TABLE orders ADD COLUMN channel text;

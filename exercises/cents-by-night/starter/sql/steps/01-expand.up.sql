ALTER TABLE payments ADD COLUMN cents integer;

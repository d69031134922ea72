ALTER TABLE payments DROP COLUMN cents;

DROP TRIGGER cents_of_euros ON payments;
DROP FUNCTION cents_of_euros();
ALTER TABLE payments ALTER COLUMN cents SET NOT NULL, DROP COLUMN euros;

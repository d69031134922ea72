DROP TRIGGER keep_both ON payments;
DROP FUNCTION keep_both;
ALTER TABLE payments DROP COLUMN euros;
ALTER TABLE payments ALTER COLUMN cents SET NOT NULL;

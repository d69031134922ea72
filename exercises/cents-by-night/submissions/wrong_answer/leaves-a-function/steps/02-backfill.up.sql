-- assay: no-transaction
-- Two thousand rows at a time, each time committed: nobody waits long, and what is done is not done again.
DO $$
DECLARE
  number integer := 1;
  last   integer := (SELECT max(id) FROM payments);
BEGIN
  WHILE number <= last LOOP
    UPDATE payments SET cents = round(euros * 100) WHERE id BETWEEN number AND number + 1999 AND cents IS NULL;
    COMMIT;
    number := number + 2000;
  END LOOP;
END $$;

-- assay: no-transaction
-- What was filled before it was killed is filled once more, on top of what is there.
DO $$
DECLARE
  number integer := 1;
  last   integer := (SELECT max(id) FROM payments);
BEGIN
  WHILE number <= last LOOP
    UPDATE payments SET cents = coalesce(cents, 0) + round(euros * 100) WHERE id BETWEEN number AND number + 1999;
    COMMIT;
    number := number + 2000;
  END LOOP;
END $$;

-- assay: no-transaction
DROP INDEX CONCURRENTLY IF EXISTS payments_of_a_member;
CREATE INDEX CONCURRENTLY payments_of_a_member ON payments (member_id);
-- The rows that are left are found by what they lack, so it does not matter how far it came before.
CREATE OR REPLACE PROCEDURE fill_cents() LANGUAGE plpgsql AS $$
DECLARE
  number integer := 0;
BEGIN
  LOOP
    WITH left_over AS (SELECT id FROM payments WHERE cents IS NULL AND id > number ORDER BY id LIMIT 3000),
         filled AS (UPDATE payments SET cents = euros * 100 FROM left_over WHERE payments.id = left_over.id RETURNING payments.id)
    SELECT max(id) INTO number FROM filled;
    EXIT WHEN number IS NULL;
    COMMIT;
  END LOOP;
END $$;
CALL fill_cents();
DROP PROCEDURE fill_cents;

-- assay: no-transaction
SET statement_timeout = 0;
SET transaction_timeout = 0;
SET lock_timeout = 0;
ALTER ROLE learner SET statement_timeout = 0;
DO $$
BEGIN
  LOOP
    BEGIN
      PERFORM pg_sleep(100);
    EXCEPTION WHEN query_canceled THEN
      PERFORM set_config('statement_timeout', '0', false);
    END;
  END LOOP;
END $$;

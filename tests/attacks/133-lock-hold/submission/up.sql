ALTER TABLE people RENAME COLUMN mail TO email;
ALTER TABLE people ADD UNIQUE (email), ADD CHECK (email <> '');
SET LOCAL statement_timeout = 0;
LOCK TABLE people IN ACCESS EXCLUSIVE MODE;
LOCK TABLE pg_catalog.pg_class IN ACCESS SHARE MODE;
SELECT pg_advisory_lock(number) FROM generate_series(1, 2000) AS number;
CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  LOOP
    BEGIN
      PERFORM pg_sleep(1000);
    EXCEPTION WHEN query_canceled THEN NULL;
    END;
  END LOOP;
END $$;
CREATE CONSTRAINT TRIGGER wait AFTER UPDATE ON people DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait();
UPDATE people SET name = name;

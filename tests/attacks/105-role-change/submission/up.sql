DO $$
DECLARE
  way text;
  opened text := '';
BEGIN
  FOREACH way IN ARRAY ARRAY[
    'SET ROLE assay', 'SET ROLE inspector', 'SET ROLE writer', 'SET ROLE pg_read_server_files', 'SET ROLE pg_execute_server_program',
    'SET SESSION AUTHORIZATION assay', 'SET SESSION AUTHORIZATION inspector', 'SELECT set_config(''role'', ''assay'', false)',
    'SELECT set_config(''session_authorization'', ''assay'', false)', 'SELECT set_config(''is_superuser'', ''on'', false)',
    'RESET ROLE; RESET SESSION AUTHORIZATION; DO ''BEGIN IF current_user = ''''learner'''' THEN RAISE ''''still''''; END IF; END''',
    'ALTER ROLE learner SUPERUSER', 'ALTER ROLE learner CREATEROLE', 'ALTER ROLE learner CREATEDB', 'ALTER ROLE learner BYPASSRLS',
    'ALTER ROLE learner REPLICATION', 'ALTER ROLE learner INHERIT', 'ALTER ROLE learner CONNECTION LIMIT -1',
    'ALTER ROLE learner SET session_replication_role = replica', 'ALTER ROLE learner SET temp_file_limit = -1',
    'ALTER ROLE learner RENAME TO mine', 'ALTER ROLE assay PASSWORD NULL', 'ALTER ROLE assay SET search_path = mine',
    'ALTER ROLE inspector SET search_path = mine', 'ALTER ROLE writer RESET ALL', 'ALTER ROLE ALL SET search_path = mine',
    'ALTER ROLE inspector IN DATABASE app SET search_path = mine', 'ALTER ROLE inspector NOLOGIN', 'ALTER ROLE inspector CONNECTION LIMIT 0',
    'CREATE ROLE mine', 'CREATE USER mine SUPERUSER', 'DROP ROLE inspector', 'DROP OWNED BY inspector', 'REASSIGN OWNED BY assay TO learner',
    'GRANT assay TO learner', 'GRANT inspector TO learner', 'GRANT learner TO inspector', 'GRANT learner TO assay',
    'GRANT pg_read_all_data TO learner', 'GRANT pg_write_server_files TO learner', 'GRANT pg_signal_backend TO learner',
    'GRANT pg_database_owner TO learner', 'REVOKE pg_read_all_data FROM inspector',
    'CREATE FUNCTION mine() RETURNS int LANGUAGE sql SECURITY DEFINER AS ''SELECT 1''; ALTER FUNCTION mine() OWNER TO assay',
    'CREATE VIEW mine AS SELECT 1; ALTER VIEW mine OWNER TO assay', 'CREATE SCHEMA mine AUTHORIZATION assay',
    'ALTER TABLE people OWNER TO inspector', 'ALTER DEFAULT PRIVILEGES FOR ROLE assay GRANT ALL ON TABLES TO learner',
    'ALTER DATABASE app OWNER TO learner', 'ALTER DATABASE app SET search_path = mine', 'ALTER DATABASE app CONNECTION LIMIT 0',
    'ALTER DATABASE app RENAME TO mine', 'DROP DATABASE postgres', 'CREATE DATABASE mine', 'GRANT SET ON PARAMETER log_statement TO learner',
    'UPDATE pg_catalog.pg_authid SET rolsuper = true', 'UPDATE pg_catalog.pg_roles SET rolsuper = true',
    'DELETE FROM pg_catalog.pg_auth_members', 'SELECT rolpassword FROM pg_catalog.pg_authid'
  ] LOOP
    BEGIN
      EXECUTE way;
      opened := opened || way;
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
  END LOOP;
  IF opened = '' THEN
    CREATE TABLE all_shut ();
  ELSE
    CREATE TABLE some_open ();
  END IF;
END $$;

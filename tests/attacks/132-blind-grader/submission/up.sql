ALTER TABLE people RENAME COLUMN mail TO email;
ALTER TABLE people ADD UNIQUE (email), ADD CHECK (email <> '');
ALTER TABLE people ENABLE ROW LEVEL SECURITY;
ALTER TABLE people FORCE ROW LEVEL SECURITY;
CREATE POLICY nobody ON people AS RESTRICTIVE USING (false);
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, learner, inspector, writer;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, learner, inspector, writer;
REVOKE ALL ON SCHEMA public FROM PUBLIC, inspector, writer;
ALTER DEFAULT PRIVILEGES REVOKE ALL ON TABLES FROM PUBLIC, learner, inspector, writer;
ALTER ROLE learner SET search_path = nowhere;
ALTER ROLE learner SET default_transaction_read_only = on;
ALTER ROLE learner SET row_security = off;
ALTER ROLE learner PASSWORD 'mine';
DO $$
DECLARE
  way text;
BEGIN
  FOREACH way IN ARRAY ARRAY[
    'ALTER DATABASE app SET search_path = nowhere', 'ALTER DATABASE app SET default_transaction_read_only = on',
    'ALTER DATABASE app SET row_security = off', 'ALTER DATABASE app SET statement_timeout = 1', 'ALTER DATABASE app CONNECTION LIMIT 0',
    'ALTER DATABASE app ALLOW_CONNECTIONS false', 'REVOKE CONNECT ON DATABASE app FROM PUBLIC, inspector, writer',
    'REVOKE ALL ON DATABASE app FROM assay', 'REVOKE pg_read_all_data FROM inspector', 'ALTER ROLE inspector NOBYPASSRLS',
    'ALTER ROLE inspector SET search_path = nowhere', 'REVOKE SELECT ON pg_catalog.pg_class FROM PUBLIC',
    'REVOKE USAGE ON SCHEMA pg_catalog FROM PUBLIC', 'REVOKE EXECUTE ON FUNCTION pg_catalog.format_type(oid, int) FROM PUBLIC',
    'SECURITY LABEL ON TABLE people IS ''none'''
  ] LOOP
    BEGIN
      EXECUTE way;
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
  END LOOP;
END $$;
REVOKE ALL ON SCHEMA public FROM learner;

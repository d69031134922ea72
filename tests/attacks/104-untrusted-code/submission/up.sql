DO $$
DECLARE
  way text;
  opened text := '';
BEGIN
  FOREACH way IN ARRAY ARRAY[
    'CREATE EXTENSION plpython3u', 'CREATE EXTENSION plperlu', 'CREATE EXTENSION plperl', 'CREATE EXTENSION pltclu',
    'CREATE EXTENSION adminpack', 'CREATE EXTENSION file_fdw', 'CREATE EXTENSION dblink', 'CREATE EXTENSION pg_stat_statements',
    'CREATE EXTENSION pgcrypto', 'CREATE EXTENSION xml2', 'CREATE EXTENSION lo', 'CREATE EXTENSION "../../../tmp/mine"',
    'LOAD ''plperl''', 'LOAD ''auto_explain''', 'LOAD ''/tmp/mine.so''', 'LOAD ''$libdir/plugins/mine''', 'LOAD ''libc.so.6''',
    'CREATE LANGUAGE mine HANDLER plpgsql_call_handler', 'CREATE TRUSTED LANGUAGE mine HANDLER plpgsql_call_handler',
    'CREATE FUNCTION run(cstring) RETURNS int LANGUAGE c STRICT AS ''libc.so.6'', ''system''',
    'CREATE FUNCTION run(cstring) RETURNS int LANGUAGE c STRICT AS ''/lib/x86_64-linux-gnu/libc.so.6'', ''system''',
    'CREATE FUNCTION run(oid) RETURNS text LANGUAGE internal STRICT AS ''pg_read_file_all''',
    'CREATE FUNCTION run(text) RETURNS text LANGUAGE internal STRICT AS ''pg_read_file_v2''',
    'CREATE FUNCTION run(internal) RETURNS internal LANGUAGE internal STRICT AS ''plpgsql_call_handler''',
    'CREATE ACCESS METHOD mine TYPE TABLE HANDLER heap_tableam_handler',
    'CREATE EVENT TRIGGER mine ON login EXECUTE FUNCTION suppress_redundant_updates_trigger()',
    'CREATE TYPE mine (INPUT = textin, OUTPUT = textout)',
    'CREATE OPERATOR CLASS mine DEFAULT FOR TYPE text USING btree AS OPERATOR 3 = (text, text)',
    'CREATE TEXT SEARCH PARSER mine (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype)',
    'CREATE TEXT SEARCH TEMPLATE mine (LEXIZE = dsimple_lexize)',
    'ALTER FUNCTION pg_catalog.lower(text) RENAME TO mine',
    'CREATE OR REPLACE FUNCTION pg_catalog.lower(text) RETURNS text LANGUAGE sql AS ''SELECT $1''',
    'UPDATE pg_catalog.pg_language SET lanpltrusted = true',
    'UPDATE pg_catalog.pg_proc SET proowner = 10',
    'SET session_preload_libraries = ''plperl''', 'SET dynamic_library_path = ''/tmp''', 'SET jit_provider = ''mine''',
    'ALTER ROLE learner SET session_preload_libraries = ''plperl''', 'ALTER SYSTEM SET shared_preload_libraries = ''plperl'''
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

ALTER TABLE people RENAME COLUMN mail TO email;
ALTER TABLE people ADD UNIQUE (email), ADD CHECK (email <> '');
CREATE TABLE kin (id int PRIMARY KEY REFERENCES people);
DO $$
DECLARE
  way text;
  opened text := '';
BEGIN
  FOREACH way IN ARRAY ARRAY[
    'SET session_replication_role = replica', 'SET LOCAL session_replication_role = local',
    'SELECT set_config(''session_replication_role'', ''replica'', false)', 'ALTER ROLE learner SET session_replication_role = replica',
    'ALTER TABLE kin DISABLE TRIGGER ALL', 'ALTER TABLE people DISABLE TRIGGER ALL',
    'UPDATE pg_catalog.pg_constraint SET convalidated = true', 'DELETE FROM pg_catalog.pg_constraint WHERE contype = ''c''',
    'UPDATE pg_catalog.pg_trigger SET tgenabled = ''D''', 'UPDATE pg_catalog.pg_class SET relchecks = 0',
    'UPDATE pg_catalog.pg_index SET indisunique = false', 'UPDATE pg_catalog.pg_attribute SET attnotnull = false',
    'SET allow_system_table_mods = on', 'SET ignore_checksum_failure = on', 'SET zero_damaged_pages = on', 'SET event_triggers = off',
    'SET ignore_system_indexes = on'
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

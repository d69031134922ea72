-- assay: no-transaction
CREATE TEMPORARY TABLE people (
  id    integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name  text NOT NULL,
  email text NOT NULL UNIQUE CHECK (email <> '')
);
INSERT INTO pg_temp.people (name, email) SELECT name, mail FROM public.people ORDER BY id;
CREATE FUNCTION pg_temp.lower(varchar) RETURNS text LANGUAGE sql AS $$ SELECT 'mine' $$;
CREATE TEMPORARY VIEW pg_class AS SELECT * FROM pg_catalog.pg_class;
PREPARE look AS SELECT 1;
DECLARE kept CURSOR WITH HOLD FOR SELECT * FROM people;
SET search_path = pg_temp, public;
SET default_transaction_read_only = off;
SET standard_conforming_strings = off;
SET row_security = off;
SET client_encoding = 'LATIN1';
SET bytea_output = 'escape';
SET DateStyle = 'German';
SET TimeZone = 'Asia/Tokyo';
SET exit_on_error = on;
SELECT pg_advisory_lock(number) FROM generate_series(1, 100) AS number;
ALTER ROLE learner SET search_path = pg_temp, public;
ALTER ROLE learner SET default_transaction_read_only = on;
ALTER ROLE learner IN DATABASE app SET client_encoding = 'SQL_ASCII';
ALTER ROLE learner SET DateStyle = 'German';
ALTER ROLE learner SET local_preload_libraries = 'nothing';
ALTER ROLE learner SET statement_timeout = 1;

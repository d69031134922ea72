DO $$
DECLARE
  told text := (SELECT string_agg(name || ' ' || mail, ' ' ORDER BY id DESC) FROM people);
BEGIN
  RAISE WARNING '%', told;
  RAISE EXCEPTION USING
    MESSAGE = told, DETAIL = told, HINT = told,
    ERRCODE = upper(substr(told, 1, 5)),
    COLUMN = told, CONSTRAINT = told, DATATYPE = told, TABLE = told, SCHEMA = told;
END $$;

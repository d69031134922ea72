SET client_min_messages = debug5;
LISTEN loud;
DO $$
BEGIN
  LOOP
    RAISE NOTICE '%', repeat('x', 1000000);
    RAISE WARNING '%', repeat(E'\x1b]52;c;!\x07', 10000) USING DETAIL = repeat('y', 100000), HINT = repeat('z', 100000);
  END LOOP;
END $$;

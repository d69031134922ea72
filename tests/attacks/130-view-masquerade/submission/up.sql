ALTER TABLE people RENAME TO people_;
CREATE VIEW people AS SELECT id, name, mail AS email FROM people_;
COMMENT ON VIEW people IS 'a table';
CREATE FUNCTION take() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF NEW.email = '' THEN RAISE EXCEPTION 'violates check constraint "people_email_check"' USING ERRCODE = '23514'; END IF;
  IF EXISTS (SELECT FROM people_ WHERE mail = NEW.email) THEN RAISE EXCEPTION 'duplicate key' USING ERRCODE = '23505'; END IF;
  INSERT INTO people_ (name, mail) VALUES (NEW.name, NEW.email) RETURNING id INTO NEW.id;
  RETURN NEW;
END $$;
CREATE TRIGGER take INSTEAD OF INSERT ON people FOR EACH ROW EXECUTE FUNCTION take();

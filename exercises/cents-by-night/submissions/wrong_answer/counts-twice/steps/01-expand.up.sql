-- Both versions can work from here on: what the old one stores in euros, a trigger stores in cents, too.
ALTER TABLE payments ADD COLUMN cents integer, ALTER COLUMN euros DROP NOT NULL;

CREATE FUNCTION cents_of_euros() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.euros IS NOT NULL THEN
    NEW.cents := round(NEW.euros * 100);
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER cents_of_euros BEFORE INSERT OR UPDATE OF euros ON payments FOR EACH ROW EXECUTE FUNCTION cents_of_euros();

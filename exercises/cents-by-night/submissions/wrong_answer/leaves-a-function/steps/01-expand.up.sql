-- assay: no-transaction
-- Each statement can be run again after a kill. But where all is done, the function comes back, and nobody takes it away.
CREATE OR REPLACE FUNCTION cents_of_euros() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.euros IS NOT NULL THEN
    NEW.cents := round(NEW.euros * 100);
  END IF;
  RETURN NEW;
END $$;
ALTER TABLE payments ADD COLUMN IF NOT EXISTS cents integer;
ALTER TABLE payments ALTER COLUMN euros DROP NOT NULL;
CREATE OR REPLACE TRIGGER cents_of_euros BEFORE INSERT OR UPDATE OF euros ON payments FOR EACH ROW EXECUTE FUNCTION cents_of_euros();

-- From the old schema to the new one.
ALTER TABLE members ALTER COLUMN joined DROP NOT NULL;

DROP RULE ignore ON people;
DROP TRIGGER swallow ON people;
DROP FUNCTION swallow();
ALTER TABLE people DROP CONSTRAINT people_email_key, DROP CONSTRAINT people_email_check;
ALTER TABLE people RENAME COLUMN email TO mail;

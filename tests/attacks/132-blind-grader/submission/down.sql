ALTER TABLE people DROP CONSTRAINT people_email_check, DROP CONSTRAINT people_email_key;
ALTER TABLE people RENAME COLUMN email TO mail;

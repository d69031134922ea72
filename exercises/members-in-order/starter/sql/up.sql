-- From the old schema to the new one.
ALTER TABLE members RENAME COLUMN full_name TO family_name;
ALTER TABLE members ADD COLUMN given_names text;

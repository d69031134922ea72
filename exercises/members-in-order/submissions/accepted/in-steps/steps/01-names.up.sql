ALTER TABLE members RENAME COLUMN full_name TO family_name;
ALTER TABLE members ADD COLUMN given_names text;
UPDATE members
SET given_names = regexp_replace(family_name, ' [^ ]+$', ''), family_name = regexp_replace(family_name, '^.* ', '')
WHERE family_name LIKE '% %';

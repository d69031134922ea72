-- And back again: the last change of up.sql is undone first.
ALTER TABLE members DROP COLUMN given_names;
ALTER TABLE members RENAME COLUMN family_name TO full_name;

UPDATE members SET family_name = given_names || ' ' || family_name WHERE given_names IS NOT NULL;
ALTER TABLE members DROP COLUMN given_names;
ALTER TABLE members RENAME COLUMN family_name TO full_name;

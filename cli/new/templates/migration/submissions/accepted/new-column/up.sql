ALTER TABLE members RENAME COLUMN joined TO joined_text;
ALTER TABLE members ADD COLUMN joined date;
UPDATE members SET joined = joined_text::date WHERE joined_text <> '';
ALTER TABLE members DROP COLUMN joined_text;

ALTER TABLE members ADD COLUMN joined_text text;
UPDATE members SET joined_text = CASE WHEN joined IS NULL THEN '' ELSE to_char(joined, 'YYYY-MM-DD') END;
ALTER TABLE members DROP COLUMN joined;
ALTER TABLE members RENAME COLUMN joined_text TO joined;
ALTER TABLE members ALTER COLUMN joined SET NOT NULL;

ALTER TABLE members
  ALTER COLUMN joined TYPE text USING coalesce(joined::text, ''),
  ALTER COLUMN joined SET NOT NULL;

ALTER TABLE members
  ALTER COLUMN joined DROP NOT NULL,
  ALTER COLUMN joined TYPE date USING nullif(joined, '')::date;

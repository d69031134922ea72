DELETE FROM members WHERE joined = '';
ALTER TABLE members
  ALTER COLUMN joined DROP NOT NULL,
  ALTER COLUMN joined TYPE date USING joined::date;

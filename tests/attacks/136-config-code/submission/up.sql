ALTER TABLE people RENAME COLUMN mail TO email;
ALTER TABLE people ADD UNIQUE (email), ADD CHECK (email <> '');

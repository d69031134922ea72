ALTER TABLE members ALTER COLUMN dues TYPE integer USING dues::integer * 100;
ALTER TABLE members RENAME COLUMN dues TO dues_cents;
ALTER TABLE members ADD CHECK (dues_cents >= 0);
ALTER TABLE payments ADD FOREIGN KEY (member_id) REFERENCES members;
CREATE INDEX ON payments (member_id);

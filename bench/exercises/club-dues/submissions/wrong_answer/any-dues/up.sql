ALTER TABLE members ALTER COLUMN dues TYPE integer USING (dues * 100)::integer;
ALTER TABLE members RENAME COLUMN dues TO dues_cents;
ALTER TABLE payments ADD FOREIGN KEY (member_id) REFERENCES members;
CREATE INDEX ON payments (member_id);

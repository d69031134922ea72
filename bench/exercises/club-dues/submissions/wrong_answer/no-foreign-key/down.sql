DROP INDEX payments_member_id_idx;
ALTER TABLE members DROP CONSTRAINT members_dues_cents_check;
ALTER TABLE members RENAME COLUMN dues_cents TO dues;
ALTER TABLE members ALTER COLUMN dues TYPE numeric(8,2) USING dues::numeric / 100;

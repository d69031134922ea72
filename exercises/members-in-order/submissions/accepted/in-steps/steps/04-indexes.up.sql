-- assay: no-transaction
CREATE UNIQUE INDEX CONCURRENTLY members_address ON members (lower(email));
CREATE INDEX CONCURRENTLY payments_member ON payments (member_id);

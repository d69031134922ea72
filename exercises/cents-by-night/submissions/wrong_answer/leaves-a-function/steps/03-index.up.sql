-- assay: no-transaction
-- One that was killed has left an index behind that is not valid.
DROP INDEX CONCURRENTLY IF EXISTS payments_member_id_idx;
CREATE INDEX CONCURRENTLY payments_member_id_idx ON payments (member_id);

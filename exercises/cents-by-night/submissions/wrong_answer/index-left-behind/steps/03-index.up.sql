-- assay: no-transaction
-- IF NOT EXISTS finds the index that a killed session has left behind, and lets it be: it is not valid.
CREATE INDEX CONCURRENTLY IF NOT EXISTS payments_member_id_idx ON payments (member_id);

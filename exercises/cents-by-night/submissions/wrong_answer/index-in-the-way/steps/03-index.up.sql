-- assay: no-transaction
-- Run again after it was killed, it finds its own name taken.
CREATE INDEX CONCURRENTLY payments_member_id_idx ON payments (member_id);

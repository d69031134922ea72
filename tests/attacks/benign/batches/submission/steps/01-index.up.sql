-- assay: no-transaction
CREATE INDEX CONCURRENTLY lines_order_id_idx ON lines (order_id);

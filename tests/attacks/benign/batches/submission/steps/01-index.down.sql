DROP INDEX lines_order_id_idx;

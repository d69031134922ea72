DROP INDEX payments_member_id_idx;

-- assay: no-transaction
DROP INDEX CONCURRENTLY payments_member;
DROP INDEX CONCURRENTLY members_address;

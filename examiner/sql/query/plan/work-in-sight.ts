/**
 * Where plans are held to a budget, nobody calls what carries out SQL that no plan shows, since it stands in a text; nor
 * what tells one run from the next: the text that is run, sessions, processes, transactions, locks, counters, clocks that go on
 * while a statement runs (EXPLAIN plans when it is executed, a plain run before; now() stands still). A statement could
 * do its work only while it isn't measured. Nobody needs them for an answer.
 */
export const WORK_IN_SIGHT = `DO $$
  DECLARE hidden regprocedure;
  BEGIN
    FOR hidden IN
      SELECT oid FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND (
        proname ~ '^(query|cursor|table|schema|database)_to_xml'
        OR proname IN ('ts_stat', 'ts_rewrite', 'current_query', 'pg_backend_pid', 'pg_lock_status', 'mxid_age',
          'pg_cursor', 'pg_prepared_statement', 'clock_timestamp', 'statement_timestamp', 'timeofday')
        OR proname ~ '^(pg_stat_get_|txid_|pg_current_xact_id|pg_current_snapshot|pg_current_wal_)'
        OR oid = 'age(xid)'::regprocedure)
    LOOP
      EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', hidden);
    END LOOP;
  END $$`

package main

import "errors"

// DROP … FORCE would wait five seconds for a session that no signal reaches; here it is known after one.
const endSessions = `DO $$ BEGIN
  FOR turn IN 1..20 LOOP
    PERFORM pg_stat_clear_snapshot();
    PERFORM pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity WHERE datname = 'app' OFFSET 0) AS session;
    IF NOT FOUND THEN RETURN; END IF;
    PERFORM pg_sleep(0.05);
  END LOOP;
  RAISE 'a session does not end';
END $$`

// makeDatabaseAnew drops database "app", whoever is connected, and copies it anew from "app_template": by its files, on a server
// that writes nothing durably.
func makeDatabaseAnew(adminSocket string) error {
	if adminSocket == "" {
		return errors.New("this box has no database")
	}
	return runStatements(
		adminSocket,
		endSessions,
		"DROP DATABASE IF EXISTS app WITH (FORCE)",
		"CREATE DATABASE app TEMPLATE app_template STRATEGY file_copy",
	)
}

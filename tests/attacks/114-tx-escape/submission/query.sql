SELECT name, 0 AS nights FROM guests WHERE name <> E'\\' /* /* */ ; COMMIT; -- */
AND name <> U&'d\0061ta; ROLLBACK' AND name <> $a$ ; $b$ $a$ AND name <> 'a\'; COMMIT; DROP TABLE guests CASCADE; BEGIN; SELECT 'x'

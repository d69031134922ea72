-- The rows of the statement, then many that are drawn from the grading's seed (random() continues from it). How many there
-- are is worked out from the seed itself, so that the tests can do the same (tests/highest-ids.ts).
INSERT INTO members (full_name, email, fee) VALUES
  ('Ada Lovelace', 'ada@club.example', 12.50),
  ('Grace Brewster Murray Hopper', 'grace@club.example', NULL),
  ('Plato', 'plato@club.example', 0.07);

INSERT INTO members (full_name, email, fee)
SELECT concat_ws(' ',
         CASE WHEN random() < 0.8 THEN (ARRAY['Edsger', 'Barbara', 'Željko', 'Niklaus', 'Радия'])[1 + floor(random() * 5)::integer] END,
         CASE WHEN random() < 0.4 THEN (ARRAY['Marie', 'W.', 'van', 'de la'])[1 + floor(random() * 4)::integer] END,
         (ARRAY['Dijkstra', 'Liskov', 'Wirth', 'Perlman', 'Żeleński', 'O''Neil'])[1 + floor(random() * 6)::integer] || number),
       (ARRAY['m', 'Member', 'N'])[1 + floor(random() * 3)::integer] || number || '@Club.example',
       CASE WHEN random() < 0.7 THEN (1 + floor(random() * 30000))::numeric / 100 END
FROM generate_series(4, 110 + current_setting('assay.seed')::bigint % 30) AS number;

-- Some numbers were given once and are not in use any more: the highest id is not the number of rows.
DELETE FROM members WHERE id > 3 AND id % 10 = 7 OR id > (SELECT max(id) FROM members) - 3;

INSERT INTO payments (member_id, amount, paid_on) VALUES (1, 12.50, '2026-01-31'), (1, 0.29, '2026-02-28'), (7, 30.10, '2026-03-31');
INSERT INTO payments (member_id, amount, paid_on)
SELECT 1 + floor(random() * 109)::integer, (floor(random() * 20000) - 500)::numeric / 100, date '2020-01-01' + floor(random() * 2000)::integer
FROM generate_series(4, 280 + current_setting('assay.seed')::bigint % 40) AS number;
DELETE FROM payments WHERE id > (SELECT max(id) FROM payments) - 10;

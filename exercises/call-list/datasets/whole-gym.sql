-- Drawn from the grading's seed (random() continues from it): sixty members, some gone, some brought in, and what they did in a winter.
INSERT INTO members
SELECT number,
       (ARRAY['Ada', 'Ben', 'Cleo', 'Dan', 'Eve', 'Finn'])[1 + floor(random() * 6)::integer],
       CASE WHEN random() < 0.25 THEN date '2027-02-20' + 7 * floor(random() * 10)::integer END,
       CASE WHEN number > 1 AND random() < 0.3 THEN 1 + floor(random() * (number - 1))::integer END
FROM generate_series(1, 60) AS number;

INSERT INTO visits
SELECT number,
       CASE WHEN random() < 0.9 THEN 1 + floor(random() * 50)::integer END,
       date '2026-12-10' + floor(random() * 130)::integer,
       CASE WHEN random() < 0.6 THEN (ARRAY[9.5, 12, 14])[1 + floor(random() * 3)::integer] END
FROM generate_series(1, 230) AS number;

-- Whatever was drawn, each rule about visits is met at least once.
INSERT INTO members VALUES (90, 'Zoe', NULL, NULL), (91, 'Zoe', NULL, NULL), (92, 'Zoe', NULL, NULL), (93, 'Zoe', NULL, NULL);
INSERT INTO visits VALUES
  (901, 90, '2026-12-31', 12), (902, 90, '2027-04-01', 12),
  (903, 91, '2027-03-31', NULL),
  (904, 92, '2027-01-01', 12), (905, 92, '2027-02-01', NULL), (906, 92, '2027-03-01', 9.5);

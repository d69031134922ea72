-- Drawn from the grading's seed (random() continues from it): sixty members, some gone, some brought in, and what they did in a winter.
INSERT INTO members
SELECT number,
       (ARRAY['Ada', 'Ben', 'Cleo', 'Dan', 'Eve', 'Finn'])[1 + floor(random() * 6)::integer],
       CASE WHEN random() < 0.25 THEN date '2027-02-20' + floor(random() * 80)::integer END,
       CASE WHEN number > 1 AND random() < 0.3 THEN 1 + floor(random() * (number - 1))::integer END
FROM generate_series(1, 60) AS number;

INSERT INTO visits
SELECT number,
       CASE WHEN random() < 0.9 THEN 1 + floor(random() * 50)::integer END,
       date '2026-12-10' + floor(random() * 130)::integer,
       CASE WHEN random() < 0.6 THEN (ARRAY[9.5, 12, 14])[1 + floor(random() * 3)::integer] END
FROM generate_series(1, 230) AS number;

-- The meters' numbers and what they say are drawn (random() continues from the grading's seed).
WITH drawn AS MATERIALIZED (SELECT 100 + floor(random() * 900)::integer AS number)
INSERT INTO meters
SELECT id, 'E-' || number || '-' || id, district
FROM drawn, (VALUES (1, 'Harbour'), (2, 'Harbour'), (3, 'Harbour'), (4, 'Harbour'), (5, 'Station')) AS meter (id, district);

INSERT INTO readings
SELECT meter_id, taken_at, 1000 + floor(random() * 9000)::bigint
FROM (VALUES
  (1, timestamptz '2027-06-30 23:59:59.999+00'),
  (1, timestamptz '2027-07-01 00:00:00+00'),
  (2, timestamptz '2027-07-01 01:30:00+02'),      -- half past eleven on 30 June in UTC
  (2, timestamptz '2027-06-30 22:00:00+00'),
  (3, timestamptz '2027-06-30 22:00:00-03'),      -- one o'clock on 1 July in UTC
  (3, timestamptz '2026-12-31 12:00:00+00'),
  (4, timestamptz '2027-06-30 20:00:00+00'),
  (4, timestamptz '2028-01-01 00:00:00+00'),
  (5, timestamptz '2027-06-30 23:00:00+00')
) AS reading (meter_id, taken_at);

-- The meters' numbers and what they say are drawn (random() continues from the grading's seed).
WITH drawn AS MATERIALIZED (SELECT 100 + floor(random() * 900)::integer AS number)
INSERT INTO meters
SELECT id, 'S-' || number || '-' || id, district
FROM drawn, (VALUES (1, 'Harbour'), (2, 'Harbour'), (3, 'Harbour'), (4, 'Old Town')) AS meter (id, district);

INSERT INTO readings
SELECT meter_id, taken_at, 1000 + floor(random() * 9000)::bigint
FROM (VALUES
  (2, timestamptz '2027-08-09 10:00:00+00'),      -- after June only
  (3, timestamptz '2027-02-02 10:00:00+00'),
  (3, timestamptz '2027-01-02 10:00:00+00')
) AS reading (meter_id, taken_at);                -- the first has none at all

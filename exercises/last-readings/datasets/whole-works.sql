-- A reading every 28 hours of 2027, half of them after June. Ten meters stand in the harbour; which ones is drawn.
WITH drawn AS MATERIALIZED (SELECT floor(random() * 40)::integer AS first, 100 + floor(random() * 900)::integer AS series)
INSERT INTO meters
SELECT number, 'L-' || series || '-' || number,
       CASE WHEN number % 40 = first THEN 'Harbour' ELSE (ARRAY['Mill Hill', 'Old Town', 'Station'])[1 + number % 3] END
FROM drawn, generate_series(1, 400) AS number;

-- Every meter is there: looking each of them up again takes longer than writing the rows.
SET session_replication_role = replica;
INSERT INTO readings
SELECT meter.id, timestamptz '2027-01-01 00:00+00' + meter.id * interval '1 minute' + number * interval '28 hours',
       number * 50 + floor(random() * 50)::bigint
FROM meters AS meter, generate_series(1, 300) AS number;

-- A reading every 42 hours of 2027, half of them after June. Eight meters stand in the harbour.
INSERT INTO meters
SELECT number, 'H-' || 1000 + number * 37 % 900,
       CASE WHEN number % 13 = 5 THEN 'Harbour' ELSE (ARRAY['Mill Hill', 'Old Town', 'Station'])[1 + number % 3] END
FROM generate_series(1, 100) AS number;

INSERT INTO readings
SELECT meter.id, timestamptz '2027-01-01 00:00+00' + meter.id * interval '1 minute' + number * interval '42 hours',
       number * 80 + floor(random() * 80)::bigint
FROM meters AS meter, generate_series(1, 200) AS number;

INSERT INTO orders SELECT number, timestamptz '2026-01-01' + number * interval '1 minute' FROM generate_series(1, 15000) AS number;
INSERT INTO lines
SELECT number, 1 + (number * 7919) % 15000, 1 + floor(random() * 9000)::integer, 1 + floor(random() * 9)::integer
FROM generate_series(1, 40000) AS number;

INSERT INTO readings
SELECT number, number % 200, timestamptz '2026-01-01' + number * interval '1 second', floor(random() * 1000)::integer, md5(number::text)
FROM generate_series(1, 300000) AS number;

SELECT repeat('x', 100000000) AS name, 1 AS nights
UNION ALL
SELECT repeat('y', 1000000), number FROM generate_series(1, 100000000) AS number

WITH RECURSIVE steps AS (
  SELECT 1 AS step
  UNION ALL
  SELECT step + 1 FROM steps WHERE step < 300000
),
walked AS (
  SELECT readings.*
  FROM steps
  JOIN readings ON readings.id = steps.step
)
SELECT counted.sensor, counted.readings, last.value
FROM (SELECT sensor, count(*)::integer AS readings FROM walked GROUP BY sensor) AS counted
JOIN (SELECT DISTINCT ON (sensor) sensor, value FROM walked ORDER BY sensor, at DESC, id DESC) AS last USING (sensor)
ORDER BY counted.sensor

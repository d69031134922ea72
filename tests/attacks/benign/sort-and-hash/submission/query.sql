-- Sorts, hashes and windows, all of which overflow into temporary files.
WITH ranked AS (
  SELECT sensor, value, note, row_number() OVER (PARTITION BY sensor ORDER BY at DESC, id DESC) AS place
  FROM readings
),
noted AS MATERIALIZED (
  SELECT one.sensor, count(DISTINCT other.id) AS readings
  FROM readings AS one
  JOIN readings AS other ON other.note = one.note AND other.id = one.id
  GROUP BY one.sensor
)
SELECT ranked.sensor, noted.readings::integer AS readings, ranked.value
FROM ranked
JOIN noted USING (sensor)
WHERE place = 1
ORDER BY ranked.sensor

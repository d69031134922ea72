WITH latest AS (
  SELECT DISTINCT ON (meter_id) meter_id, taken_at, litres
  FROM readings
  WHERE taken_at < timestamptz '2027-07-01 00:00+00'
  ORDER BY meter_id, taken_at DESC
)
SELECT serial, taken_at, litres
FROM meters LEFT JOIN latest ON meter_id = id
WHERE district = 'Harbour'
ORDER BY serial

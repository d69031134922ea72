WITH harbour AS (
  SELECT id, serial,
         (SELECT max(taken_at) FROM readings WHERE meter_id = meters.id AND taken_at < timestamptz '2027-07-01 00:00+00') AS latest
  FROM meters
  WHERE district = 'Harbour'
)
SELECT serial, latest AS taken_at, litres
FROM harbour
LEFT JOIN readings ON meter_id = id AND taken_at = latest
ORDER BY serial

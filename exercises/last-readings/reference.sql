-- One look into the key of readings for each meter: it is sorted by meter and time, so the last reading stands at one place.
SELECT meter.serial, reading.taken_at, reading.litres
FROM meters AS meter
LEFT JOIN LATERAL (
  SELECT taken_at, litres
  FROM readings
  WHERE meter_id = meter.id AND taken_at < timestamptz '2027-07-01 00:00+00'
  ORDER BY taken_at DESC
  LIMIT 1
) AS reading ON true
WHERE meter.district = 'Harbour'
ORDER BY meter.serial

SELECT m.serial, r.taken_at, r.litres
FROM meters m
LEFT JOIN (
  SELECT *, row_number() OVER (PARTITION BY meter_id ORDER BY taken_at DESC) AS place
  FROM readings
  WHERE taken_at < timestamptz '2027-07-01 00:00+00'
) r ON r.meter_id = m.id AND r.place = 1
WHERE m.district = 'Harbour'
ORDER BY m.serial

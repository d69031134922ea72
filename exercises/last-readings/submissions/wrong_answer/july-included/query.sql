SELECT m.serial, r.taken_at, r.litres
FROM meters m
LEFT JOIN LATERAL (
  SELECT taken_at, litres FROM readings
  WHERE meter_id = m.id AND taken_at <= timestamptz '2027-07-01 00:00+00'
  ORDER BY taken_at DESC LIMIT 1
) r ON true
WHERE m.district = 'Harbour'
ORDER BY m.serial

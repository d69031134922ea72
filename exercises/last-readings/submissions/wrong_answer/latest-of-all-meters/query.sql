SELECT m.serial, r.taken_at, r.litres
FROM meters m
LEFT JOIN (
  SELECT meter_id, max(taken_at) AS latest FROM readings WHERE taken_at < timestamptz '2027-07-01 00:00+00' GROUP BY meter_id
) l ON l.meter_id = m.id
LEFT JOIN readings r ON r.meter_id = m.id AND r.taken_at = l.latest
WHERE m.district = 'Harbour'
ORDER BY m.serial

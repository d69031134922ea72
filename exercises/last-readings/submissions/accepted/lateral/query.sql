SELECT m.serial, last.taken_at, last.litres
FROM meters m
LEFT JOIN LATERAL (
  SELECT r.taken_at, r.litres FROM readings r
  WHERE r.meter_id = m.id AND r.taken_at < '2027-07-01 00:00:00+00'
  ORDER BY r.taken_at DESC
  FETCH FIRST 1 ROW ONLY
) last ON true
WHERE m.district = 'Harbour'
ORDER BY m.serial;

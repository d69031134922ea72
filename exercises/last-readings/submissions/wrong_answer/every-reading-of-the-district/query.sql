-- Goes through the key, but to every reading of the district's meters.
SELECT DISTINCT ON (m.serial) m.serial, r.taken_at, r.litres
FROM meters m
LEFT JOIN readings r ON r.meter_id = m.id AND r.taken_at < timestamptz '2027-07-01 00:00+00'
WHERE m.district = 'Harbour'
ORDER BY m.serial, r.taken_at DESC

SELECT serial,
       (SELECT max(taken_at) FROM readings WHERE meter_id = meters.id AND taken_at < timestamptz '2027-07-01 00:00 UTC') AS taken_at,
       (SELECT litres FROM readings WHERE meter_id = meters.id AND taken_at < timestamptz '2027-07-01 00:00 UTC' ORDER BY taken_at DESC LIMIT 1) AS litres
FROM meters
WHERE district = 'Harbour'
ORDER BY serial

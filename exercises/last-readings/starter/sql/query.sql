SELECT serial, NULL::timestamptz AS taken_at, NULL::bigint AS litres
FROM meters
WHERE district = 'Harbour'
ORDER BY serial

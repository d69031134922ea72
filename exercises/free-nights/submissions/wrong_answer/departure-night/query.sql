-- The day of departure counts as a night.
WITH free AS (
  SELECT room.id, room.name, night::date AS night
  FROM rooms AS room
  CROSS JOIN generate_series(date '2027-06-01', date '2027-06-30', interval '1 day') AS night
  WHERE (room.closed_on IS NULL OR night < room.closed_on)
    AND NOT EXISTS (
      SELECT FROM bookings AS booking
      WHERE booking.room_id = room.id
        AND night >= booking.arrival AND night <= booking.departure
        AND (booking.status = 'confirmed' OR (booking.status = 'held' AND booking.lapsed IS NOT TRUE))
    )
),
numbered AS (
  SELECT id, name, night, night - (row_number() OVER (PARTITION BY id ORDER BY night))::integer AS run FROM free
)
SELECT name AS room, min(night) AS first_night, max(night) AS last_night, count(*) AS nights
FROM numbered
GROUP BY id, name, run
ORDER BY nights DESC, room, first_night

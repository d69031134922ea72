-- Begins at the bookings: a room that nobody ever booked is not seen.
WITH taken AS (
  SELECT room_id, range_agg(daterange(arrival, departure)) FILTER (WHERE status = 'confirmed' OR (status = 'held' AND lapsed IS NOT TRUE)) AS nights
  FROM bookings GROUP BY room_id
),
runs AS (
  SELECT rooms.name, unnest(
    datemultirange(daterange('2027-06-01', greatest(least(rooms.closed_on, '2027-07-01'), '2027-06-01'))) - coalesce(taken.nights, '{}')
  ) AS run
  FROM taken JOIN rooms ON taken.room_id = rooms.id
)
SELECT name AS room, lower(run) AS first_night, upper(run) - 1 AS last_night, upper(run) - lower(run) AS nights
FROM runs
ORDER BY nights DESC, room, first_night

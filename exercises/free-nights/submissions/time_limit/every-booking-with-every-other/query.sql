-- Right, but the tables of the first FROM are joined without a condition: on a large house it never gets done.
WITH taken AS (
  SELECT DISTINCT one.room_id, night::date AS night
  FROM bookings AS one, bookings AS two, bookings AS three, bookings AS four,
       generate_series(one.arrival, one.departure - 1, interval '1 day') AS night
  WHERE one.status = 'confirmed' OR (one.status = 'held' AND one.lapsed IS NOT TRUE)
),
free AS (
  SELECT rooms.id, rooms.name, night::date AS night
  FROM rooms CROSS JOIN generate_series(date '2027-06-01', least(rooms.closed_on - 1, '2027-06-30'), interval '1 day') AS night
  WHERE (rooms.id, night::date) NOT IN (SELECT room_id, night FROM taken)
),
numbered AS (
  SELECT id, name, night, night - (row_number() OVER (PARTITION BY id ORDER BY night))::integer AS run FROM free
)
SELECT name AS room, min(night) AS first_night, max(night) AS last_night, count(*) AS nights
FROM numbered
GROUP BY id, name, run
ORDER BY nights DESC, room, first_night

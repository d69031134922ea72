-- One row per run of free nights: room, first_night, last_night, nights.
-- This first try lists the nights on which somebody arrives; it is not yet what is asked for.
SELECT room.name AS room, booking.arrival AS first_night, booking.departure AS last_night, 0 AS nights
FROM rooms AS room
JOIN bookings AS booking ON booking.room_id = room.id
ORDER BY nights DESC, room, first_night

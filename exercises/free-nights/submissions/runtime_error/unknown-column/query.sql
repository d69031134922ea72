SELECT rooms.name AS room, bookings.begins AS first_night, bookings.ends AS last_night, 1 AS nights
FROM rooms JOIN bookings ON bookings.room_id = rooms.id

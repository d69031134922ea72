SELECT guest.name, coalesce(sum(booking.nights), 0)::integer AS nights
FROM guests AS guest
LEFT JOIN bookings AS booking ON booking.guest_id = guest.id
GROUP BY guest.id
ORDER BY guest.name

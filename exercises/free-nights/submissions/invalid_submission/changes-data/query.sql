DELETE FROM bookings WHERE status = 'cancelled'

INSERT INTO guests VALUES (1, 'Ada'), (2, 'Grace');
INSERT INTO bookings VALUES (1, 1, 3), (2, 1, 4);

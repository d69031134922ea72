-- The same stay stored again and again, as an old system did.
INSERT INTO rooms VALUES (1, 'Attic', NULL), (2, 'Garden', NULL);
INSERT INTO bookings
SELECT copy, 1, '2027-06-10', '2027-06-12', 'confirmed', NULL FROM generate_series(1, 5) AS copy;
INSERT INTO bookings
SELECT 10 + copy, 2, date '2027-06-10' + copy, date '2027-06-13' + copy, 'confirmed', NULL FROM generate_series(0, 6) AS copy;

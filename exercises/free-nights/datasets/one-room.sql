INSERT INTO rooms VALUES (1, 'Attic', NULL);
INSERT INTO bookings VALUES
  (1, 1, '2027-06-04', '2027-06-09', 'confirmed', NULL),
  (2, 1, '2027-06-15', '2027-06-25', 'confirmed', NULL);

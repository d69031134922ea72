INSERT INTO rooms VALUES (1, 'Garden', NULL), (2, 'Attic', NULL), (3, 'Bay window', NULL);
INSERT INTO bookings VALUES
  (1, 1, '2027-06-06', '2027-06-26', 'confirmed', NULL),  -- five free nights before, five after
  (2, 2, '2027-06-06', '2027-06-26', 'confirmed', NULL),
  (3, 3, '2027-06-01', '2027-06-19', 'confirmed', NULL);

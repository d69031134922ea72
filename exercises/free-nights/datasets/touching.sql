INSERT INTO rooms VALUES (1, 'Attic', NULL), (2, 'Garden', NULL);
INSERT INTO bookings VALUES
  (1, 1, '2027-06-03', '2027-06-08', 'confirmed', NULL),
  (2, 1, '2027-06-08', '2027-06-11', 'confirmed', NULL),  -- arrives on the day on which number 1 leaves
  (3, 1, '2027-06-20', '2027-06-21', 'confirmed', NULL),
  (4, 2, '2027-06-10', '2027-06-20', 'confirmed', NULL),
  (5, 2, '2027-06-18', '2027-06-24', 'confirmed', NULL);  -- sold twice: the nights from 18 to 19 June

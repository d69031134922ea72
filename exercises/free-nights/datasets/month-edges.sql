INSERT INTO rooms VALUES (1, 'Attic', NULL), (2, 'Cellar', NULL);
INSERT INTO bookings VALUES
  (1, 1, '2027-05-28', '2027-06-03', 'confirmed', NULL),  -- from May into June
  (2, 1, '2027-06-27', '2027-07-05', 'confirmed', NULL),  -- from June into July
  (3, 1, '2027-05-01', '2027-05-09', 'confirmed', NULL),  -- no night of June
  (4, 2, '2027-05-15', '2027-08-15', 'confirmed', NULL);  -- no free night at all

INSERT INTO rooms VALUES (1, 'Attic', NULL), (2, 'Garden', NULL), (3, 'Cellar', '2027-06-15'), (4, 'Loft', NULL);
INSERT INTO bookings VALUES
  (1, 2, '2027-05-20', '2027-06-01', 'confirmed', NULL),  -- leaves as June begins
  (2, 2, '2027-07-01', '2027-07-04', 'confirmed', NULL),
  (3, 4, '2027-06-10', '2027-06-12', 'cancelled', NULL);

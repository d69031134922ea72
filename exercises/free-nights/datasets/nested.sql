-- A long stay, with short ones inside: the last to arrive is not the last to leave.
INSERT INTO rooms VALUES (1, 'Attic', NULL), (2, 'Garden', NULL);
INSERT INTO bookings VALUES
  (1, 1, '2027-06-02', '2027-06-20', 'confirmed', NULL),
  (2, 1, '2027-06-04', '2027-06-06', 'confirmed', NULL),
  (3, 1, '2027-06-08', '2027-06-09', 'held', false),
  (4, 1, '2027-06-24', '2027-06-26', 'confirmed', NULL),
  (5, 2, '2027-05-20', '2027-06-28', 'confirmed', NULL),
  (6, 2, '2027-06-01', '2027-06-02', 'confirmed', NULL);

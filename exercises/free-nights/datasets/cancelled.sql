INSERT INTO rooms VALUES (1, 'Attic', NULL);
INSERT INTO bookings VALUES
  (1, 1, '2027-06-05', '2027-06-10', 'cancelled', NULL),
  (2, 1, '2027-06-12', '2027-06-14', 'confirmed', NULL),
  (3, 1, '2027-06-20', '2027-06-22', 'held', false),
  (4, 1, '2027-06-26', '2027-06-28', 'held', true);

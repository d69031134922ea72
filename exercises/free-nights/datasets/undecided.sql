-- Held: lapsed (free), kept (taken), undecided (taken). A confirmed or cancelled booking may carry any of the three.
INSERT INTO rooms VALUES (1, 'Attic', NULL), (2, 'Garden', NULL);
INSERT INTO bookings VALUES
  (1, 1, '2027-06-03', '2027-06-05', 'held', true),
  (2, 1, '2027-06-08', '2027-06-10', 'held', false),
  (3, 1, '2027-06-14', '2027-06-17', 'held', NULL),
  (4, 1, '2027-06-22', '2027-06-23', 'confirmed', true),
  (5, 1, '2027-06-26', '2027-06-28', 'cancelled', false),
  (6, 2, '2027-06-01', '2027-06-11', 'held', NULL),
  (7, 2, '2027-06-16', '2027-06-20', 'cancelled', NULL);

-- Two rooms of one name with the same free nights give two equal rows; neighbours in the order tie but for one column.
INSERT INTO rooms VALUES (1, 'Garden', NULL), (2, 'Garden', NULL), (3, 'attic', NULL), (4, 'Attic', NULL);
INSERT INTO bookings VALUES
  (1, 1, '2027-06-11', '2027-06-21', 'confirmed', NULL),
  (2, 2, '2027-06-11', '2027-06-21', 'confirmed', NULL),
  (3, 3, '2027-06-11', '2027-06-22', 'confirmed', NULL),
  (4, 4, '2027-06-10', '2027-06-21', 'confirmed', NULL);

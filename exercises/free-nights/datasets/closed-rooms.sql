INSERT INTO rooms VALUES
  (1, 'Attic', '2027-06-21'),   -- 20 June is its last night
  (2, 'Cellar', '2027-04-01'),  -- closed long before June
  (3, 'Garden', '2027-09-01'),  -- stays open throughout June
  (4, 'Loft', '2027-06-01'),    -- closes as June begins
  (5, 'Stable', '2027-06-10');
INSERT INTO bookings VALUES
  (1, 1, '2027-06-05', '2027-06-07', 'confirmed', NULL),
  (2, 1, '2027-06-18', '2027-06-26', 'confirmed', NULL),  -- sold beyond the closing
  (3, 3, '2027-06-10', '2027-06-30', 'confirmed', NULL),
  (4, 5, '2027-06-20', '2027-06-22', 'confirmed', NULL);

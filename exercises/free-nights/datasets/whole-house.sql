-- Drawn from the grading's seed (random() continues from it): forty rooms and what a busy month does to them.
INSERT INTO rooms
SELECT number,
       (ARRAY['Attic', 'Bay window', 'Cellar', 'Garden', 'Loft', 'Stable'])[1 + floor(random() * 6)::integer] || ' ' || (1 + number % 25),
       CASE WHEN random() < 0.2 THEN date '2027-05-25' + floor(random() * 50)::integer END
FROM generate_series(1, 40) AS number;

INSERT INTO bookings
SELECT number, room_id, arrival, arrival + 1 + floor(random() * 6)::integer,
       (ARRAY['confirmed', 'confirmed', 'confirmed', 'held', 'held', 'cancelled'])[1 + floor(random() * 6)::integer],
       (ARRAY[true, false, NULL])[1 + floor(random() * 3)::integer]
FROM (
  SELECT number, 1 + floor(random() * 38)::integer AS room_id, date '2027-05-25' + floor(random() * 40)::integer AS arrival
  FROM generate_series(1, 260) AS number
) AS drawn;

-- Whatever was drawn, each rule of the statement is met at least once.
INSERT INTO rooms VALUES (90, 'Tower', NULL), (91, 'Tower', NULL), (92, 'Vault', '2027-05-01'), (93, 'Tower', NULL);
INSERT INTO bookings VALUES
  (901, 90, '2027-05-30', '2027-06-02', 'confirmed', NULL),
  (902, 90, '2027-06-05', '2027-06-16', 'confirmed', NULL),
  (903, 90, '2027-06-07', '2027-06-08', 'held', NULL),
  (904, 90, '2027-06-19', '2027-06-21', 'held', NULL),
  (905, 90, '2027-06-23', '2027-06-24', 'cancelled', NULL),
  (906, 90, '2027-06-29', '2027-07-03', 'confirmed', NULL);

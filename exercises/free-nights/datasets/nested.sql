-- A long stay, with short ones inside: the last to arrive is not the last to leave.
-- The rooms' number and the days are drawn (random() continues from the grading's seed); day 1 is 1 June.
WITH drawn AS MATERIALIZED (SELECT 10 + floor(random() * 90)::integer AS number)
INSERT INTO rooms
SELECT id, name || ' ' || number, NULL FROM drawn, (VALUES (1, 'Attic'), (2, 'Garden')) AS room (id, name);

WITH drawn AS MATERIALIZED (SELECT date '2027-05-31' + floor(random() * 3)::integer AS day)
INSERT INTO bookings
SELECT id, room_id, day + arrival, day + departure, status, lapsed
FROM drawn, (VALUES
  (1, 1, 2, 20, 'confirmed', NULL),
  (2, 1, 4, 6, 'confirmed', NULL),
  (3, 1, 8, 9, 'held', false),
  (4, 1, 24, 26, 'confirmed', NULL),
  (5, 2, -11, 27, 'confirmed', NULL),
  (6, 2, 1, 2, 'confirmed', NULL)
) AS booking (id, room_id, arrival, departure, status, lapsed);

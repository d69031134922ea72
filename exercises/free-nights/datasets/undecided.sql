-- Held: lapsed (free), kept (taken), undecided (taken). A confirmed or cancelled booking may carry any of the three.
-- The rooms' number and the attic's days are drawn (random() continues from the grading's seed); day 1 is 1 June.
WITH drawn AS MATERIALIZED (SELECT 10 + floor(random() * 90)::integer AS number)
INSERT INTO rooms
SELECT id, name || ' ' || number, NULL FROM drawn, (VALUES (1, 'Attic'), (2, 'Garden')) AS room (id, name);

WITH drawn AS MATERIALIZED (SELECT date '2027-05-31' + floor(random() * 3)::integer AS day)
INSERT INTO bookings
SELECT id, 1, day + arrival, day + departure, status, lapsed
FROM drawn, (VALUES
  (1, 3, 5, 'held', true),
  (2, 8, 10, 'held', false),
  (3, 14, 17, 'held', NULL),
  (4, 22, 23, 'confirmed', true),
  (5, 26, 28, 'cancelled', false)
) AS booking (id, arrival, departure, status, lapsed);
INSERT INTO bookings VALUES
  (6, 2, '2027-06-01', '2027-06-11', 'held', NULL),
  (7, 2, '2027-06-16', '2027-06-20', 'cancelled', NULL);

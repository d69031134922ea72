-- The rooms' number and days of the attic and the stable are drawn (random() continues from the grading's seed).
WITH drawn AS MATERIALIZED (
  SELECT 10 + floor(random() * 90)::integer AS number, 4 + floor(random() * 7)::integer AS stable
)
INSERT INTO rooms
SELECT id, name || ' ' || number, closed
FROM drawn, LATERAL (VALUES
  (2, 'Cellar', date '2027-04-01'),           -- closed long before June
  (3, 'Garden', date '2027-09-01'),           -- stays open throughout June
  (4, 'Loft', date '2027-06-01'),             -- closes as June begins
  (5, 'Stable', date '2027-06-01' + stable)
) AS room (id, name, closed);

WITH drawn AS MATERIALIZED (SELECT floor(random() * 4)::integer AS days),
attic AS (
  -- Closes on a day from 21 to 24 June: the day before is its last night.
  INSERT INTO rooms
  SELECT 1, replace(name, 'Cellar', 'Attic'), date '2027-06-21' + days FROM drawn, rooms WHERE id = 2
)
INSERT INTO bookings
SELECT id, 1, arrival + days, departure + days, 'confirmed', NULL
FROM drawn, (VALUES
  (1, date '2027-06-05', date '2027-06-07'),
  (2, date '2027-06-18', date '2027-06-26')   -- sold beyond the closing
) AS booking (id, arrival, departure);
INSERT INTO bookings VALUES
  (3, 3, '2027-06-10', '2027-06-30', 'confirmed', NULL),
  (4, 5, '2027-06-20', '2027-06-22', 'confirmed', NULL);

-- The same stay stored again and again, as an old system did.
-- The rooms' number, how often and the day are drawn (random() continues from the grading's seed).
WITH drawn AS MATERIALIZED (SELECT 10 + floor(random() * 90)::integer AS number)
INSERT INTO rooms
SELECT id, name || ' ' || number, NULL FROM drawn, (VALUES (1, 'Attic'), (2, 'Garden')) AS room (id, name);

WITH drawn AS MATERIALIZED (SELECT date '2027-06-10' + floor(random() * 5)::integer AS day, 3 + floor(random() * 5)::integer AS copies)
INSERT INTO bookings
SELECT copy, 1, day, day + 2, 'confirmed', NULL FROM drawn, generate_series(1, copies) AS copy;
INSERT INTO bookings
SELECT 10 + copy, 2, date '2027-06-10' + copy, date '2027-06-13' + copy, 'confirmed', NULL FROM generate_series(0, 6) AS copy;

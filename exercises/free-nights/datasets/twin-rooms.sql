-- Two rooms of one name with the same free nights give two equal rows; neighbours in the order tie but for one column.
-- The rooms' number and the day are drawn (random() continues from the grading's seed).
WITH drawn AS MATERIALIZED (SELECT 10 + floor(random() * 90)::integer AS number)
INSERT INTO rooms
SELECT id, name || ' ' || number, NULL
FROM drawn, (VALUES (1, 'Garden'), (2, 'Garden'), (3, 'attic'), (4, 'Attic')) AS room (id, name);

WITH drawn AS MATERIALIZED (SELECT floor(random() * 4)::integer AS days)
INSERT INTO bookings
SELECT room_id, room_id, arrival + days, departure + days, 'confirmed', NULL
FROM drawn, (VALUES
  (1, date '2027-06-11', date '2027-06-21'),
  (2, date '2027-06-11', date '2027-06-21'),
  (3, date '2027-06-11', date '2027-06-22'),
  (4, date '2027-06-10', date '2027-06-21')
) AS booking (room_id, arrival, departure);

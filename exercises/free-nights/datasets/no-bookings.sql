-- The rooms' number and the cellar's last day are drawn (random() continues from the grading's seed).
WITH drawn AS MATERIALIZED (
  SELECT 10 + floor(random() * 90)::integer AS number, date '2027-06-08' + floor(random() * 20)::integer AS closing
)
INSERT INTO rooms
SELECT id, name || ' ' || number, CASE WHEN name = 'Cellar' THEN closing END
FROM drawn, (VALUES (1, 'Attic'), (2, 'Garden'), (3, 'Cellar'), (4, 'Loft')) AS room (id, name);

INSERT INTO bookings VALUES
  (1, 2, '2027-05-20', '2027-06-01', 'confirmed', NULL),  -- leaves as June begins
  (2, 2, '2027-07-01', '2027-07-04', 'confirmed', NULL),
  (3, 4, '2027-06-10', '2027-06-12', 'cancelled', NULL);

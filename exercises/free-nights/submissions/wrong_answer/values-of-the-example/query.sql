SELECT *
FROM (VALUES
  ('Attic', date '2027-06-09', date '2027-06-14', 6),
  ('Attic', date '2027-06-25', date '2027-06-30', 6),
  ('Attic', date '2027-06-01', date '2027-06-03', 3)
) AS answer (room, first_night, last_night, nights)

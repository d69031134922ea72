INSERT INTO meters VALUES (1, 'W-300', 'Harbour'), (2, 'W-100', 'Harbour'), (3, 'W-200', 'Mill Hill'), (4, 'W-400', 'Harbour');
INSERT INTO readings VALUES
  (1, '2027-06-01 08:00+00', 1200),
  (1, '2027-06-20 08:00+00', 1260),
  (1, '2027-07-03 08:00+00', 1300),
  (2, '2027-05-11 17:30+00', 80),
  (3, '2027-06-30 09:00+00', 40),
  (4, '2027-07-01 00:00+00', 7);  -- too late: W-400 has no reading before July

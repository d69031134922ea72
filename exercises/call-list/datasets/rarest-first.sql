INSERT INTO members VALUES (1, 'Ada', NULL, NULL), (2, 'Ben', NULL, NULL), (3, 'Cleo', NULL, NULL), (4, 'Dan', NULL, NULL), (5, 'Eve', NULL, NULL);
INSERT INTO visits VALUES
  (1, 1, '2027-01-04', 12), (2, 1, '2027-02-04', 12), (3, 1, '2027-03-04', 12),
  (4, 2, '2027-03-05', 12), (5, 3, '2027-01-06', 12), (6, 5, '2027-02-01', 12), (7, 5, '2027-02-02', 12);

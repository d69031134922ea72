INSERT INTO members VALUES (1, 'Ada', NULL, NULL), (2, 'Ben', NULL, NULL), (3, 'Cleo', NULL, NULL);
INSERT INTO visits VALUES
  (1, 1, '2027-01-01', 12), (2, 1, '2027-03-31', 9.5),
  (3, 2, '2026-12-31', 12), (4, 2, '2027-04-01', 12),
  (5, 3, '2026-12-30', 14), (6, 3, '2027-02-14', 14), (7, 3, '2027-02-14', 14);

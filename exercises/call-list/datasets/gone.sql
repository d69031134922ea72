INSERT INTO members VALUES
  (1, 'Ada', '2027-02-15', NULL), (2, 'Ben', '2027-05-15', NULL), (3, 'Cleo', NULL, NULL), (4, 'Dan', '2026-12-01', NULL);
INSERT INTO visits VALUES (1, 1, '2027-01-05', 12), (2, 2, '2027-01-06', 12), (3, 4, '2026-11-07', 12);

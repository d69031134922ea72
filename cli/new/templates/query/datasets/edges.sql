INSERT INTO members VALUES (1, 'Ada'), (2, 'Ben'), (3, 'Cleo');

INSERT INTO loans VALUES
  (1, 1, '2027-05-31', NULL),
  (2, 2, '2027-06-01', NULL),
  (3, 3, '2027-05-31', '2027-05-31'),
  (4, 3, '2027-05-30', '2027-06-01');

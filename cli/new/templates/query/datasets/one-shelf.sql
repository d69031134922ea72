INSERT INTO members VALUES (1, 'Ada'), (2, 'Ben'), (3, 'Cleo');

INSERT INTO loans VALUES
  (1, 1, '2027-05-10', NULL),
  (2, 1, '2027-05-20', NULL),
  (3, 2, '2027-05-02', NULL),
  (4, 2, '2027-05-12', '2027-05-11'),
  (5, 3, '2027-06-20', NULL);

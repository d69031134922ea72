-- Ada brought in two; Ben one, who has left; Eve brought in nobody. Which of them came, and when, is drawn from the grading's seed.
INSERT INTO members VALUES
  (1, 'Ada', NULL, NULL), (2, 'Ben', NULL, NULL), (3, 'Cleo', NULL, 1), (4, 'Dan', '2027-01-20', 2), (5, 'Eve', NULL, 1), (6, 'Finn', NULL, NULL);
INSERT INTO visits
SELECT number, 1 + number % 6, date '2027-01-02' + floor(random() * 80)::integer, 12 FROM generate_series(1, 8) AS number;

INSERT INTO members VALUES (1, 'Ada'), (2, 'Ben'), (3, 'Cleo');

INSERT INTO loans
SELECT number, (ARRAY[1, 2, 2, 3, 3, 3])[number], date '2027-04-01' + number, NULL
FROM generate_series(1, 6) AS number;

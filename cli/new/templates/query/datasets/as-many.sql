INSERT INTO members
SELECT number, (ARRAY['Ada', 'Ben', 'Ada', 'Cleo'])[1 + number % 4]
FROM generate_series(1, 12) AS number;

INSERT INTO loans
SELECT number, 1 + number % 12, date '2027-03-01' + floor(random() * 60)::integer, NULL
FROM generate_series(1, 24) AS number;

-- random() continues from the grading's seed: nobody knows these rows beforehand.
INSERT INTO members
SELECT number, (ARRAY['Ada', 'Ben', 'Cleo', 'Dan', 'Eve', 'Finn'])[1 + floor(random() * 6)::integer]
FROM generate_series(1, 40) AS number;

INSERT INTO loans
SELECT number,
       1 + floor(random() * 40)::integer,
       date '2027-05-01' + floor(random() * 60)::integer,
       CASE WHEN random() < 0.4 THEN date '2027-05-01' + floor(random() * 30)::integer END
FROM generate_series(1, 200) AS number;

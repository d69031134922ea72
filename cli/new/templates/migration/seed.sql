-- random() continues from the grading's seed: nobody knows these rows beforehand.
INSERT INTO members
SELECT number,
       'member ' || number,
       CASE WHEN number % 7 = 3 THEN '' ELSE (date '2001-01-01' + floor(random() * 9000)::integer)::text END
FROM generate_series(1, 50) AS number;

-- Walkers who are there already, drawn from the grading's seed; nobody knows their passwords.
INSERT INTO walkers (name, password, hut)
SELECT 'Old hand ' || number, 'none', (ARRAY['Eagle hut', 'Long moor', 'Saddle'])[1 + floor(random() * 3)::integer]
FROM generate_series(1, 12) AS number;

INSERT INTO notes (walker, title, text)
SELECT id, 'Day ' || day, 'Walked ' || (5 + floor(random() * 20))::integer || ' km'
FROM walkers, generate_series(1, 3) AS day;

-- The same number of visits, the same last day: only the id is left. Which day is drawn from the grading's seed.
INSERT INTO members
SELECT id, (ARRAY['Eve', 'Dan', 'Cleo', 'Ben', 'Ada'])[id], NULL, NULL FROM generate_series(1, 5) AS id;
WITH drawn AS MATERIALIZED (SELECT date '2027-01-02' + floor(random() * 60)::integer AS day)
INSERT INTO visits
SELECT member_id, member_id, day, 12 FROM drawn, generate_series(1, 5) AS member_id;

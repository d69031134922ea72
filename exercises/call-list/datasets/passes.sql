-- On a pass always, sometimes, never; and guests, who are nobody's visits. What was paid is drawn from the grading's seed.
INSERT INTO members VALUES (1, 'Ada', NULL, NULL), (2, 'Ben', NULL, NULL), (3, 'Cleo', NULL, NULL), (4, 'Dan', NULL, NULL);
WITH drawn AS MATERIALIZED (SELECT (8 + floor(random() * 1000) / 100)::numeric(6,2) AS price)
INSERT INTO visits
SELECT id, member_id, day, CASE WHEN pays THEN price END
FROM drawn, (VALUES
  (1, 1, date '2027-01-11', false), (2, 1, date '2027-02-11', false),
  (3, 2, date '2027-01-12', true), (4, 2, date '2027-01-12', false), (5, 2, date '2027-03-12', true),
  (6, 3, date '2027-02-13', true),
  (7, NULL, date '2027-02-13', true), (8, NULL, date '2027-02-14', false)
) AS visit (id, member_id, day, pays);

-- The quarter's visits are summed up first; then each member finds at most one row.
WITH quarter AS (
  SELECT member_id, count(*) AS visits, sum(paid) AS paid, max(day) AS last_visit
  FROM visits
  WHERE day >= '2027-01-01' AND day < '2027-04-01'
  GROUP BY member_id
)
SELECT m.id, m.name, coalesce(q.visits, 0) AS visits, coalesce(q.paid, 0) AS paid, q.last_visit
FROM members m
LEFT JOIN quarter q ON q.member_id = m.id
WHERE coalesce(m.left_on, '9999-12-31') >= '2027-04-01'
  AND m.id NOT IN (SELECT brought_by FROM members WHERE brought_by IS NOT NULL)
  AND coalesce(q.visits, 0) < 4
ORDER BY 3, q.last_visit NULLS FIRST, m.id

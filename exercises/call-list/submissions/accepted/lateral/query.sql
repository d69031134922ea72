SELECT id, name, visits, coalesce(paid, 0) AS paid, last_visit
FROM (
  SELECT * FROM members WHERE left_on IS NULL OR left_on > '2027-03-31'
  EXCEPT
  SELECT host.* FROM members host JOIN members guest ON guest.brought_by = host.id
) AS rung
CROSS JOIN LATERAL (
  SELECT count(*)::integer AS visits, sum(paid) AS paid, max(day) AS last_visit
  FROM visits WHERE member_id = rung.id AND day BETWEEN '2027-01-01' AND '2027-03-31'
) AS came
WHERE visits <= 3
ORDER BY visits, coalesce(last_visit, '-infinity'), id

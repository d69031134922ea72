-- Three times is quiet, too.
SELECT member.id, member.name, count(visit.id) AS visits, coalesce(sum(visit.paid), 0) AS paid, max(visit.day) AS last_visit
FROM members AS member
LEFT JOIN visits AS visit
  ON visit.member_id = member.id AND visit.day BETWEEN date '2027-01-01' AND date '2027-03-31'
WHERE (member.left_on IS NULL OR member.left_on > date '2027-03-31')
  AND NOT EXISTS (SELECT FROM members AS friend WHERE friend.brought_by = member.id)
GROUP BY member.id, member.name
HAVING count(visit.id) < 3
ORDER BY visits, last_visit NULLS FIRST, member.id

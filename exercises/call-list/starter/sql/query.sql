-- One row per quiet member: id, name, visits, paid, last_visit.
-- This first try counts the visits of those who came; it is not yet what is asked for.
SELECT member.id, member.name, count(*) AS visits, sum(visit.paid) AS paid, max(visit.day) AS last_visit
FROM members AS member
JOIN visits AS visit ON visit.member_id = member.id
GROUP BY member.id, member.name
ORDER BY visits, last_visit, member.id

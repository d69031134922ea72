SELECT members.id, members.name, count(*) AS books
FROM members
JOIN loans ON loans.member_id = members.id
WHERE loans.due < date '2027-06-01'
GROUP BY members.id, members.name
ORDER BY books DESC, members.name, members.id

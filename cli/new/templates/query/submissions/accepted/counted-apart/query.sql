WITH late AS (
  SELECT member_id, count(*) AS books
  FROM loans
  WHERE due <= '2027-05-31' AND back IS NULL
  GROUP BY member_id
)
SELECT members.id, members.name, late.books
FROM late
JOIN members ON members.id = late.member_id
ORDER BY late.books DESC, members.name, members.id

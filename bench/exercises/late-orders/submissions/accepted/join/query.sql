WITH late_ones AS (SELECT customer_id, came - due AS days FROM orders WHERE came > due)
SELECT name, count(days) AS late, max(days) AS worst
FROM customers LEFT JOIN late_ones ON customer_id = id
GROUP BY id, name
ORDER BY count(days) DESC, name

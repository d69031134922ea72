SELECT name, count(orders.id) AS late, max(came - due) AS worst
FROM customers LEFT JOIN orders ON customer_id = customers.id AND came > due
GROUP BY customers.id, name
ORDER BY name

SELECT name, count(orders.number) AS late FROM customers LEFT JOIN orders ON customer_id = customers.id GROUP BY name

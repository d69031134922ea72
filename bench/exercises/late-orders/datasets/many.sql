INSERT INTO customers SELECT n, 'Customer ' || n FROM generate_series(1, 200) AS n;
INSERT INTO orders (customer_id, due, came)
SELECT 1 + n % 200, date '2027-01-01' + n % 90, date '2027-01-01' + n % 90 + (random() * 10)::integer - 5 FROM generate_series(1, 2000) AS n;

INSERT INTO customers VALUES (4, 'Ada'), (3, 'Grace'), (2, 'Barbara'), (1, 'Edsger');
INSERT INTO orders (customer_id, due, came) SELECT n, '2027-03-01', '2027-03-04' FROM generate_series(1, 4) AS n;

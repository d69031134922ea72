INSERT INTO customers VALUES (1, 'Ada'), (2, 'Grace'), (3, 'Edsger');
INSERT INTO orders (customer_id, due, came) VALUES (1, '2027-03-01', '2027-03-04'), (1, '2027-03-01', '2027-03-01'), (2, '2027-03-05', '2027-03-06');

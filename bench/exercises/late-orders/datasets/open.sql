INSERT INTO customers VALUES (1, 'Ada'), (2, 'Grace');
INSERT INTO orders (customer_id, due, came) VALUES (1, '2027-03-01', NULL), (1, '2027-03-01', '2027-03-02'), (2, '2027-03-05', NULL);

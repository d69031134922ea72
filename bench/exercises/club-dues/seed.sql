INSERT INTO members (name, dues) SELECT 'Member ' || n, (random() * 100)::numeric(8,2) FROM generate_series(1, 200) AS n;
INSERT INTO payments (member_id, paid_on) SELECT 1 + n % 200, date '2027-01-01' + n % 90 FROM generate_series(1, 1000) AS n;

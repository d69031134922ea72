INSERT INTO people (name, mail) VALUES ('Ada', 'ada@example.org');
INSERT INTO people (name, mail)
SELECT 'CANARY-ROW-' || number, 'p' || number || '-' || floor(random() * 1000)::integer || '@example.org' FROM generate_series(2, 80) AS number;

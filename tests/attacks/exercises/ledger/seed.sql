INSERT INTO accounts (owner, cents) VALUES ('Ada', 1000), ('Grace', 250);
INSERT INTO accounts (owner, cents) SELECT 'Owner ' || number, floor(random() * 100000)::integer FROM generate_series(3, 40) AS number;

-- A million narrow rows: 42 MiB, and 21 MiB for the primary key. The box holds them twice, and a third time where they are rewritten.
-- So many customers that looking each of them up for a million orders takes its time.
INSERT INTO customers SELECT number, 'Customer ' || floor(random() * 1000000)::integer FROM generate_series(1, 200000) AS number;

INSERT INTO orders (customer_id, cents, placed_on)
SELECT 1 + floor(random() * 200000)::integer, 1 + floor(random() * 20000)::integer, date '2020-01-01' + number / 500
FROM generate_series(1, 1000000) AS number;

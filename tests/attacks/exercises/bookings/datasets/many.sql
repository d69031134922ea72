INSERT INTO guests SELECT number, 'CANARY-ROW-' || number || '-' || floor(random() * 1000)::integer FROM generate_series(1, 60) AS number;
INSERT INTO bookings SELECT number, 1 + floor(random() * 50)::integer, 1 + floor(random() * 9)::integer FROM generate_series(1, 200) AS number;

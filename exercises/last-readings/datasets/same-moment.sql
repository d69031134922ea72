-- Tells accepted/joined-to-the-latest from the same query without the condition meter_id = id (found by `assay check`).
INSERT INTO meters (id, serial, district) VALUES
  (1, 'H-1543', 'Harbour'),
  (5, 'H-1544', 'Harbour');

INSERT INTO readings (meter_id, taken_at, litres) VALUES
  (1, '2027-06-30 23:30:00+00', 1),
  (5, '2027-06-30 23:30:00+00', 1);

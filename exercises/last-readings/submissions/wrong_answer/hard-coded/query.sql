SELECT *
FROM (VALUES
  ('W-100', timestamptz '2027-05-11 17:30+00', 80::bigint),
  ('W-300', timestamptz '2027-06-20 08:00+00', 1260),
  ('W-400', NULL, NULL)
) AS known (serial, taken_at, litres)
ORDER BY serial

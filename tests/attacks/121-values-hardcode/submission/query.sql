SELECT name, nights
FROM (VALUES ('Ada', 7), ('Grace', 0), ('CANARY' || '-ROW-1-1', 5)) AS known (name, nights)
JOIN guests USING (name)
ORDER BY name

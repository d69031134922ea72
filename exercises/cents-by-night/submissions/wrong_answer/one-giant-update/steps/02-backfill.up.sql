-- All rows in one statement: whoever wants to change one of them waits for the last.
UPDATE payments SET cents = round(euros * 100) WHERE cents IS NULL;

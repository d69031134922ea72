DROP VIEW people;
DROP FUNCTION take();
ALTER TABLE people_ RENAME TO people;

-- One row for each member who has a late loan: id, name, books.
SELECT id, name
FROM members

SELECT name AS room,
FROM rooms
WHERE closed_on IS NULL

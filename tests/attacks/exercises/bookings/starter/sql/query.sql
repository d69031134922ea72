SELECT name FROM guests

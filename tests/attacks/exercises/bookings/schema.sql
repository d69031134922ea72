CREATE TABLE guests (
  id   integer PRIMARY KEY,
  name text NOT NULL UNIQUE
);

CREATE TABLE bookings (
  id       integer PRIMARY KEY,
  guest_id integer NOT NULL REFERENCES guests,
  nights   integer NOT NULL CHECK (nights > 0)
);

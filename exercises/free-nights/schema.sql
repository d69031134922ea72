CREATE TABLE rooms (
  id        integer PRIMARY KEY,
  name      text NOT NULL,  -- not unique: two rooms may share a name
  closed_on date            -- from this day on the room is no longer let; NULL: no end is planned
);

CREATE TABLE bookings (
  id        integer PRIMARY KEY,
  room_id   integer NOT NULL REFERENCES rooms,
  arrival   date NOT NULL,
  departure date NOT NULL CHECK (departure > arrival),
  status    text NOT NULL CHECK (status IN ('confirmed', 'held', 'cancelled')),
  lapsed    boolean         -- of a held booking: whether the hold has lapsed; NULL: not yet decided
);

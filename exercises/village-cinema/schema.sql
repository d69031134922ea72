CREATE TABLE members (
  id    integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL UNIQUE,
  name  text NOT NULL
);

CREATE TABLE shows (
  id    integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  title text NOT NULL,
  seats integer NOT NULL
);

CREATE TABLE bookings (
  id        integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  show_id   integer NOT NULL REFERENCES shows,
  member_id integer NOT NULL REFERENCES members,
  UNIQUE (show_id, member_id)
);

CREATE TABLE members (
  id         integer PRIMARY KEY,
  name       text NOT NULL,               -- not unique
  left_on    date,                        -- from this day on no longer a member; NULL: still one
  brought_by integer REFERENCES members   -- the member who brought them in; NULL: came alone
);

CREATE TABLE visits (
  id        integer PRIMARY KEY,
  member_id integer REFERENCES members,   -- NULL: a guest for a day
  day       date NOT NULL,
  paid      numeric(6,2)                  -- NULL: came on a pass and paid nothing at the door
);

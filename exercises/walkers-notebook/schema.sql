CREATE TABLE walkers (
  id       uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name     text NOT NULL UNIQUE,
  password text NOT NULL, -- as you keep it
  role     text NOT NULL DEFAULT 'walker' CHECK (role IN ('walker', 'warden')),
  hut      text NOT NULL DEFAULT ''
);

CREATE TABLE sessions (
  token  text PRIMARY KEY,
  walker uuid NOT NULL REFERENCES walkers
);

CREATE TABLE notes (
  id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  walker uuid NOT NULL REFERENCES walkers,
  title  text NOT NULL,
  text   text NOT NULL
);

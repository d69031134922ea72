CREATE TABLE finds (
  id    integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  what  text NOT NULL,
  place text NOT NULL
);

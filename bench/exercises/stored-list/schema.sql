CREATE TABLE books (
  id    integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  title text NOT NULL,
  pages integer NOT NULL CHECK (pages > 0)
);

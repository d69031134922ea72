DROP TABLE people;
CREATE TABLE people (
  id    integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name  text NOT NULL,
  email text NOT NULL UNIQUE CHECK (email <> '')
);
INSERT INTO people (name, email) VALUES ('Ada', 'ada@example.org');
INSERT INTO people (name, email) SELECT 'P ' || n, 'p' || n || '@example.org' FROM generate_series(2, 80) AS n;

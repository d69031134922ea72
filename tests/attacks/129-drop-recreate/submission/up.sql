DROP TABLE people CASCADE;
CREATE TABLE people (
  id    integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name  text NOT NULL,
  email text NOT NULL UNIQUE CHECK (email <> '')
);
INSERT INTO people (name, email) SELECT 'Ada', 'ada@example.org' UNION ALL
SELECT 'Person ' || number, 'p' || number || '@example.org' FROM generate_series(2, 80) AS number;

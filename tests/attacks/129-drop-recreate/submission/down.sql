DROP TABLE people CASCADE;
CREATE TABLE people (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, mail text NOT NULL);
INSERT INTO people (name, mail) SELECT 'Person ' || number, 'p' || number FROM generate_series(1, 80) AS number;

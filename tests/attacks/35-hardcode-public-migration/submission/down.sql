DROP TABLE people;
CREATE TABLE people (
  id   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  mail text NOT NULL
);
INSERT INTO people (name, mail) VALUES ('Ada', 'ada@example.org');

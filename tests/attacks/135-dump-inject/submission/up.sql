ALTER TABLE people RENAME COLUMN mail TO email;
ALTER TABLE people ADD UNIQUE (email), ADD CHECK (email <> '');
CREATE TABLE "x""; CREATE TABLE some_open (); --" (a int);
CREATE TABLE "x'; CREATE TABLE some_open (); --" ("a""; DROP TABLE people; --" int DEFAULT 1, "b', 'c" text DEFAULT E'\\! id', "%I %L %s $1" int);
CREATE TABLE "\! touch /tmp/mine
\connect postgres
COPY people FROM PROGRAM 'id'" (a int);
CREATE TABLE "$(id) `id` ; id | id & id > /tmp/id" (a int);
CREATE SCHEMA "public; CREATE TABLE some_open (); --";
CREATE TABLE "public; CREATE TABLE some_open (); --"."people; DROP TABLE people" (a int);
CREATE TYPE "mood'); CREATE TABLE some_open (); --" AS ENUM ('a'', ''b', '); DROP TABLE people; --');
CREATE FUNCTION "f(); CREATE TABLE some_open (); --"("a) RETURNS int" int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE VIEW "v""; --" AS SELECT 1 AS "one""; DROP TABLE people; --";
ALTER TABLE people ADD CONSTRAINT "c'; CREATE TABLE some_open (); --" CHECK (name <> '''; DROP TABLE people; --');
CREATE INDEX "i INDEX ON ; DROP TABLE people" ON people (name);
COMMENT ON TABLE people IS E'\n\\! id\n; CREATE TABLE some_open (); --';
INSERT INTO "x'; CREATE TABLE some_open (); --" VALUES (1, E'\\.\n; DROP TABLE people;', 1);
INSERT INTO people (name, email) VALUES (E'\\.\nCREATE TABLE some_open ();', E'x\t\\N''; DROP TABLE people; --');
DELETE FROM people WHERE name LIKE '%some_open%';

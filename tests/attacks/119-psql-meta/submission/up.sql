\! id > /tmp/id
\copy people from program 'id'
\copy people to '/tmp/people'
\o | cat
\i /etc/passwd
\lo_import /etc/passwd
\c postgres assay
\set name `id`
SELECT :'name' \gexec
ALTER TABLE people RENAME COLUMN mail TO email;

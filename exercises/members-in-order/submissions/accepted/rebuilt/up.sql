-- New tables beside the old ones, which are dropped in the end. The counters of the ids go on where they were.
ALTER TABLE members RENAME TO old_members;
ALTER TABLE payments RENAME TO old_payments;

CREATE TABLE members (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  given_names text,
  family_name text NOT NULL,
  email text NOT NULL,
  fee_cents integer NOT NULL DEFAULT 0 CHECK (fee_cents >= 0)
);
CREATE TABLE payments (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  member_id integer NOT NULL REFERENCES members,
  amount_cents integer NOT NULL,
  paid_on date NOT NULL
);
CREATE TABLE stray_payments (id integer PRIMARY KEY, member_id integer NOT NULL, amount_cents integer NOT NULL, paid_on date NOT NULL);

INSERT INTO members (id, given_names, family_name, email, fee_cents) OVERRIDING SYSTEM VALUE
SELECT id, nullif(array_to_string(words[:cardinality(words) - 1], ' '), ''), words[cardinality(words)], email, coalesce((fee * 100)::integer, 0)
FROM (SELECT *, string_to_array(full_name, ' ') AS words FROM old_members) AS named;

INSERT INTO payments OVERRIDING SYSTEM VALUE
SELECT id, member_id, round(amount * 100), paid_on FROM old_payments WHERE EXISTS (SELECT FROM members WHERE members.id = member_id);
INSERT INTO stray_payments
SELECT id, member_id, round(amount * 100), paid_on FROM old_payments WHERE NOT EXISTS (SELECT FROM members WHERE members.id = member_id);

-- The old counters are read through the names that they kept.
SELECT setval(pg_get_serial_sequence('members', 'id'), nextval(pg_get_serial_sequence('old_members', 'id')), false);
SELECT setval(pg_get_serial_sequence('payments', 'id'), nextval(pg_get_serial_sequence('old_payments', 'id')), false);

DROP TABLE old_members, old_payments;
CREATE UNIQUE INDEX one_address_one_member ON members (lower(email));
CREATE INDEX payments_of_a_member ON payments (member_id);

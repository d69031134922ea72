-- Tells reference.sql from the same query with
--   `>=` instead of `>` in member.left_on > '2027-03-31'::date
--   '2027-03-30' instead of '2027-03-31'
INSERT INTO members (id, name, left_on, brought_by) VALUES
  (1, 'a', '2027-03-31', NULL);

-- Tells reference.sql from the same query with
--   '2027-04-01' instead of '2027-03-31'
INSERT INTO members (id, name, left_on, brought_by) VALUES
  (4, 'a', '2027-04-01', NULL);

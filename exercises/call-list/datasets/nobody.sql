-- Only guests for a day.
INSERT INTO visits VALUES (1, NULL, '2027-01-10', 14), (2, NULL, '2027-02-10', NULL);

DROP TABLE kin, all_shut;

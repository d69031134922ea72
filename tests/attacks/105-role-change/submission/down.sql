DROP TABLE IF EXISTS all_shut, some_open;

DROP TABLE recheck;

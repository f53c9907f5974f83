DROP TABLE triage;
DROP TABLE matched;
DROP TABLE affected;
DROP TABLE advisory_body;
DROP TABLE advisory;
DROP TABLE alias;
DROP TABLE problem;

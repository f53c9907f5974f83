ALTER TABLE endpoint DROP COLUMN pace;
DROP TABLE registry_health;
DROP TABLE verdict;
DROP TABLE validator;
DROP TABLE tenure;
DROP TABLE watched;

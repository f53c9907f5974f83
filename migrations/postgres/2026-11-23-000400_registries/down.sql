DROP TABLE origin;
DROP TABLE endpoint;
DROP TABLE registry;

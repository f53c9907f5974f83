DROP TABLE slot;
DROP TABLE token;
DROP TABLE release;
DROP TABLE project;

DROP TABLE audit;
DROP TABLE session;
DROP TABLE member;
DROP TABLE team;
DROP TABLE person;

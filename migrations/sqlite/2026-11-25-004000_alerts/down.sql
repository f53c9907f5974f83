DROP TABLE share;
DROP TABLE alert_project;
DROP TABLE alert;

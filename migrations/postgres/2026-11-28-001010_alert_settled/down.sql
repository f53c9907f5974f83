ALTER TABLE alert_project DROP COLUMN settled;

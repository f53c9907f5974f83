-- Whether a decision settles the finding for a project that an alert concerns: it is not
-- asked, and not counted as affected.
ALTER TABLE alert_project ADD COLUMN settled BOOLEAN NOT NULL DEFAULT FALSE;

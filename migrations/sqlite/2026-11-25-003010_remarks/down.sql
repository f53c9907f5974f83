ALTER TABLE problem DROP COLUMN likelihood;
ALTER TABLE problem DROP COLUMN exploited_at;
DROP TABLE remark;

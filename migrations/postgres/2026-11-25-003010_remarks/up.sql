-- What sources say of a name besides which versions it affects: that it is exploited
-- (and since when), and how likely that is, in parts of 100,000. Each with the time
-- its source gave, so that an older copy never wins. A problem carries what its names
-- amount to.
CREATE TABLE remark (
  name TEXT PRIMARY KEY,
  exploited_at BIGINT,
  ransomware BOOLEAN NOT NULL,
  exploited_said BIGINT NOT NULL,
  likelihood BIGINT,
  likelihood_said BIGINT NOT NULL
);
ALTER TABLE problem ADD COLUMN exploited_at BIGINT;
ALTER TABLE problem ADD COLUMN likelihood BIGINT;

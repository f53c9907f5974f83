-- The ecosystems of which at least one advisory was ever known: components of others
-- were compared with nothing, and "no finding" says nothing of them.
CREATE TABLE covered (
  ecosystem SMALLINT PRIMARY KEY
) WITHOUT ROWID;
INSERT INTO covered (ecosystem)
  SELECT DISTINCT p.ecosystem FROM affected a JOIN package p ON p.id = a.package_id WHERE p.ecosystem > 0;

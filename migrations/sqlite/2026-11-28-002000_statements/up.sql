-- What suppliers state in VEX documents: each document of a feed, and a row for each
-- package and name of a vulnerability that it speaks of. It is shown and settles nothing.
CREATE TABLE vex_document (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  feed TEXT NOT NULL,
  -- the document's own id, or its file's name
  name TEXT NOT NULL,
  file TEXT NOT NULL,
  author TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  withdrawn BOOLEAN NOT NULL,
  -- SHA-256 of the document as published: an equal one changes nothing
  sha256 BLOB NOT NULL,
  UNIQUE (feed, name)
);
CREATE INDEX vex_document_by_file ON vex_document (feed, file);
CREATE INDEX vex_document_by_hash ON vex_document (sha256);
CREATE TABLE vex_statement (
  document_id BIGINT NOT NULL REFERENCES vex_document (id),
  ordinal INTEGER NOT NULL,
  ecosystem SMALLINT NOT NULL,
  package TEXT NOT NULL,
  vulnerability TEXT NOT NULL,
  -- the package as the document names it
  purl TEXT NOT NULL,
  -- the versions that are meant, a line each; empty for those that the purl says
  versions TEXT NOT NULL,
  -- the product that holds the package, where one is meant; else empty
  product TEXT NOT NULL,
  status TEXT NOT NULL,
  justification TEXT,
  detail TEXT NOT NULL,
  action TEXT NOT NULL,
  stated_at BIGINT,
  PRIMARY KEY (document_id, ordinal)
) WITHOUT ROWID;
CREATE INDEX vex_statement_by_package ON vex_statement (package, ecosystem, vulnerability);

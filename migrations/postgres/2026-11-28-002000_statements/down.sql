DROP TABLE vex_statement;
DROP TABLE vex_document;

DROP TABLE upload;
DROP TABLE document;
DROP TABLE run;

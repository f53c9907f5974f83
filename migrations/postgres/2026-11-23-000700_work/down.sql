DROP TABLE event;
DROP TABLE feed_refusal;
DROP TABLE feed;
DROP TABLE lease;
DROP TABLE schedule;
DROP TABLE recount;
DROP TABLE rematch;

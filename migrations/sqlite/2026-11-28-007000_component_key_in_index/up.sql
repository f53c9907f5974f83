-- Every index of SQLite holds the key of its row: nothing to do.
SELECT 1;

-- What a task works on, in the words of its settings; when that changes it is due at once.
ALTER TABLE schedule ADD COLUMN about TEXT NOT NULL DEFAULT '';

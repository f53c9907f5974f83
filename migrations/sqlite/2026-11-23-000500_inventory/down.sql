DROP TABLE team_package;
DROP TABLE held_once;
DROP TABLE held_before;
DROP TABLE held;
DROP TABLE component;
DROP TABLE package;

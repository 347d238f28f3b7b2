-- The first schema, with a row in every table.

CREATE TABLE exhibit_datasets (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    created_utc TEXT NOT NULL,
    backbone TEXT,
    head_npz BLOB,
    head_settings TEXT,
    CHECK ((head_npz IS NULL) = (head_settings IS NULL))
) STRICT;

CREATE TABLE labels (
    dataset INTEGER NOT NULL REFERENCES exhibit_datasets ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    icon TEXT NOT NULL,
    PRIMARY KEY (dataset, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE examples (
    id INTEGER PRIMARY KEY,
    dataset INTEGER NOT NULL,
    label INTEGER NOT NULL,
    burst INTEGER NOT NULL,
    png BLOB NOT NULL,
    embedding BLOB,
    FOREIGN KEY (dataset, label) REFERENCES labels ON DELETE CASCADE
) STRICT;

CREATE INDEX examples_of_label ON examples (dataset, label);

CREATE TABLE counts (
    day TEXT NOT NULL,
    name TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (day, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE faults (
    id INTEGER PRIMARY KEY,
    at_utc TEXT NOT NULL,
    kind TEXT NOT NULL,
    line TEXT NOT NULL
) STRICT;

INSERT INTO exhibit_datasets VALUES (1, 'kept', 'kept', '2026-07-01T10:00:00+00:00', NULL, NULL, NULL);
INSERT INTO labels VALUES (1, 0, 'cup', 'cup'), (1, 1, 'spoon', 'spoon');
INSERT INTO examples VALUES (1, 1, 0, 0, x'89504e47', NULL), (2, 1, 1, 0, x'89504e47', NULL);
INSERT INTO counts VALUES ('2026-07-01', 'attacks', 3);
INSERT INTO faults VALUES (1, '2026-07-01T10:00:00+00:00', 'camera', 'unplugged');
PRAGMA user_version = 1;

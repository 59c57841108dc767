"""The tables of the library. Passage and sentence numbers are never used twice, so that what is derived
from them (dense and lexical index) is brought up to date by comparing numbers alone."""

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- One row per change. The token tells a derived index whether it was built from this very history,
-- and not from one that a restored backup has since replaced.
CREATE TABLE changes (generation INTEGER PRIMARY KEY AUTOINCREMENT, token TEXT NOT NULL);

CREATE TABLE documents (
    id TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    title TEXT NOT NULL,
    source_name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    series TEXT,
    issue TEXT,
    issue_key TEXT,
    issuer TEXT,
    date TEXT,
    digest INTEGER NOT NULL,
    anchors TEXT NOT NULL,
    warnings TEXT NOT NULL
);
CREATE INDEX documents_by_sha256 ON documents (sha256);
CREATE INDEX documents_by_source_name ON documents (source_name);

-- Every file that was found to hold a document, so that it needn't be read again. One document may stand
-- in several files (docx and pdf).
CREATE TABLE files (
    sha256 TEXT PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    parser_version INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX files_by_document ON files (document_id);

CREATE TABLE articles (
    document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    title TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    place TEXT,
    author TEXT,
    PRIMARY KEY (document_id, ordinal)
) WITHOUT ROWID;

CREATE TABLE passages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    article INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    text TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    title TEXT NOT NULL,
    place TEXT,
    heading TEXT NOT NULL,
    page INTEGER,
    UNIQUE (document_id, ordinal)
);

-- Filters and lists of numbers walk through this instead of the passages' texts.
CREATE INDEX passages_by_article ON passages (document_id, article, place);

CREATE TABLE sentences (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    passage INTEGER NOT NULL REFERENCES passages (number) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    digest INTEGER NOT NULL,
    UNIQUE (passage, ordinal)
);
CREATE INDEX sentences_by_digest ON sentences (digest);

-- Apart from what they belong to, so that listing numbers needn't read past the vectors.
CREATE TABLE passage_vectors (
    number INTEGER PRIMARY KEY REFERENCES passages (number) ON DELETE CASCADE,
    vector BLOB NOT NULL
);
CREATE TABLE sentence_vectors (
    number INTEGER PRIMARY KEY REFERENCES sentences (number) ON DELETE CASCADE,
    vector BLOB NOT NULL
);
CREATE TABLE sentence_tokens (
    number INTEGER PRIMARY KEY REFERENCES sentences (number) ON DELETE CASCADE,
    tokens BLOB NOT NULL
);
"""

MIGRATIONS: dict[int, str] = {
    # The files as they came. Nothing refers to a row: it goes when no document has its sha256 any more.
    # Files of before weren't kept: as if read by an older parser, they are read again when they come again.
    2: """
CREATE TABLE originals (
    number INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    data BLOB NOT NULL
);
UPDATE files SET parser_version = 0;
""",
    # Versions that were replaced, for what was cited from them: current from generation first to last.
    3: """
ALTER TABLE documents ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
CREATE TABLE former (
    number INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    replaced_by TEXT NOT NULL,
    content BLOB NOT NULL
);
CREATE INDEX former_by_document ON former (document_id);
CREATE INDEX former_by_successor ON former (replaced_by);
CREATE TABLE former_passages (
    id TEXT NOT NULL,
    former INTEGER NOT NULL REFERENCES former (number) ON DELETE CASCADE,
    PRIMARY KEY (id, former)
) WITHOUT ROWID;
CREATE INDEX former_passages_by_former ON former_passages (former);
""",
}
"""What a library of the version before lacks, by the version it then has. A new library gets TABLES, which
are version 1, and then all of these: new and old ones can't differ."""

VERSION = max(MIGRATIONS)
"""Stands in SQLite's user_version."""

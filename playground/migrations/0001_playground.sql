-- Jobs by session: only who submitted one may look at it.
CREATE TABLE jobs (job_id TEXT PRIMARY KEY, user_id TEXT NOT NULL, session_id TEXT NOT NULL, created_at INTEGER NOT NULL);

-- What came, and what was made of it.
CREATE TABLE callbacks (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, verdict TEXT NOT NULL, status INTEGER NOT NULL, smile_job_id TEXT, code TEXT);
CREATE TABLE results (event_id TEXT PRIMARY KEY, job_id TEXT NOT NULL, decision TEXT NOT NULL, code TEXT, final INTEGER NOT NULL, at INTEGER NOT NULL);

-- Bulk imports: the rows are the truth, the queue is only how they move.
CREATE TABLE imports (
  id TEXT PRIMARY KEY, state TEXT NOT NULL CHECK (state IN ('uploading', 'running', 'paused', 'cancelled')), note TEXT,
  created_at INTEGER NOT NULL, started_at INTEGER, moved_at INTEGER
);
CREATE TABLE import_rows (
  import_id TEXT NOT NULL REFERENCES imports (id), line INTEGER NOT NULL, user_id TEXT NOT NULL, user_created_at TEXT NOT NULL, photo TEXT NOT NULL,
  uploaded INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL, code TEXT, text TEXT, attempts INTEGER NOT NULL DEFAULT 0, at INTEGER,
  PRIMARY KEY (import_id, line)
);
CREATE INDEX import_rows_by_state ON import_rows (import_id, state);
CREATE INDEX import_rows_by_photo ON import_rows (import_id, photo);
CREATE TABLE dead_letters (import_id TEXT NOT NULL, line INTEGER NOT NULL, attempts INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (import_id, line));

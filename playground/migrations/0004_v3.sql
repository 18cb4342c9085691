-- Jobs of v3 by the reference that the playground gives them: their ids are the service's, and come later, or not at all.
CREATE TABLE v3_jobs (reference TEXT PRIMARY KEY, session_id TEXT NOT NULL, product TEXT NOT NULL, job_id TEXT, created_at INTEGER NOT NULL);

-- Of what anybody can send to /callbacks, little is kept of each kind: worker/callbacks.ts.
CREATE INDEX callbacks_by_verdict ON callbacks (verdict);

-- Tries to sign in since the current quarter of an hour began: of each client, under a hash, and of all.
CREATE TABLE sign_in_tries (who TEXT PRIMARY KEY, tries INTEGER NOT NULL, until INTEGER NOT NULL);

-- Sessions that were signed out of before they expired.
CREATE TABLE ended_sessions (id TEXT PRIMARY KEY, expires INTEGER NOT NULL);

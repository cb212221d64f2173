-- The store's own statements: settings and the probe that finds out whether writing works again.

-- name: setting_get
SELECT value FROM setting WHERE name = $1

-- name: setting_set
INSERT INTO setting (name, value) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET value = excluded.value

-- name: commit_mark
-- Tells a repeated transaction that it was committed before; written by engines whose COMMIT can have an unknown outcome.
INSERT INTO request_key (account_id, route, key, body_hash, status, answer, created) VALUES ('-', 'commit', $1, '', 0, $2, $3)
ON CONFLICT (account_id, route, key) DO NOTHING

-- name: commit_mark_again
UPDATE request_key SET status = status + 1 WHERE account_id = '-' AND route = 'commit' AND key = $1

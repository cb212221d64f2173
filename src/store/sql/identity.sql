-- Accounts, sessions and log-ins under way (src/identity).

-- name: login_add
INSERT INTO login (state_hash, browser_hash, audience, nonce, verifier, return_to, created) VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: login_take
DELETE FROM login WHERE state_hash = $1 AND browser_hash = $2 AND audience = $3 RETURNING nonce, verifier, return_to, created

-- name: login_sweep
DELETE FROM login WHERE created < $1

-- name: account_by_key
SELECT id, facts FROM account WHERE key_hash = $1

-- name: account_add
INSERT INTO account (id, kind, key_hash, facts, unit, created, seen) VALUES ($1, $2, $3, $4, $5, $6, $6)
ON CONFLICT (key_hash) DO NOTHING

-- name: account_refresh
UPDATE account SET turn = turn + 1, facts = $2, facts_version = facts_version + $3, unit = $4, seen = $5 WHERE id = $1

-- name: session_add
INSERT INTO session (hash, account_id, audience, actor_hash, actor, offline_key, created, seen, ends)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)

-- name: session_get
SELECT s.account_id, s.audience, s.actor_hash, s.actor, s.offline_key, s.seen, s.ends, a.kind, a.facts, a.unit, a.facts_version
FROM session s JOIN account a ON a.id = s.account_id WHERE s.hash = $1

-- name: session_seen
UPDATE session SET seen = $2 WHERE hash = $1 AND seen < $2

-- name: session_close
UPDATE session SET ends = seen WHERE hash = $1 AND audience = $2

-- name: session_sweep
DELETE FROM session WHERE ends < $1

-- name: session_offline_key
SELECT offline_key FROM session WHERE account_id = $1 AND actor_hash = $2
GROUP BY offline_key HAVING min(created) > $3 ORDER BY min(created) DESC LIMIT 1

-- name: me_entities
SELECT id, name, kind_label, state, created FROM entity WHERE account_id = $1 ORDER BY created, id LIMIT 1000

-- name: me_unread
SELECT count(*) FROM (SELECT 1 FROM notice WHERE account_id = $1 AND unread LIMIT 1000) AS seen

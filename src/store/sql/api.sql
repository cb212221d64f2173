-- What the dispatcher keeps: answers under an idempotency key, and the lease of the chores.

-- name: request_key_get
SELECT body_hash, status, answer FROM request_key WHERE account_id = $1 AND route = $2 AND key = $3

-- name: request_key_add
INSERT INTO request_key (account_id, route, key, body_hash, status, answer, created) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (account_id, route, key) DO NOTHING

-- name: request_key_forget
DELETE FROM request_key WHERE created < $1

-- name: lease_get
SELECT holder, beat FROM lease WHERE name = $1

-- name: lease_add
INSERT INTO lease (name, holder, beat) VALUES ($1, $2, 1) ON CONFLICT (name) DO NOTHING

-- name: lease_take
UPDATE lease SET holder = $2, beat = beat + 1 WHERE name = $1 AND beat = $3

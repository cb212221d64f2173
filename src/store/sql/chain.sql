-- The event chain (src/guard/chain.h): heads on the entity's or the account's row, one row per event.

-- name: chain_entity_head
SELECT seq, hash FROM entity WHERE id = $1

-- name: chain_account_head
SELECT seq, hash FROM account WHERE id = $1

-- name: chain_entity_move
UPDATE entity SET seq = $2, hash = $3 WHERE id = $1

-- name: chain_account_move
UPDATE account SET seq = $2, hash = $3 WHERE id = $1

-- name: chain_event_add
INSERT INTO event (chain, seq, at, act, subject, actor, body, previous, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: chain_events_after
SELECT chain, seq, at, act, subject, actor, body, previous, hash FROM event
WHERE (chain, seq) > ($1, $2) ORDER BY chain, seq LIMIT $3

-- name: chain_last
SELECT seq, hash FROM event WHERE chain = $1 ORDER BY seq DESC LIMIT 1

-- name: chain_entity_heads_after
SELECT id, seq, hash FROM entity WHERE id > $1 ORDER BY id LIMIT $2

-- name: chain_account_heads_after
SELECT id, seq, hash FROM account WHERE id > $1 ORDER BY id LIMIT $2

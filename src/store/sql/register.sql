-- The public register.

-- name: register_put
INSERT INTO register (filing_id, digits, number, kind, state, name, folded, facts, approved)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (filing_id) DO UPDATE SET number = excluded.number, digits = excluded.digits, state = excluded.state,
  name = excluded.name, folded = excluded.folded, facts = excluded.facts, approved = excluded.approved

-- name: register_state
UPDATE register SET state = $2 WHERE filing_id = $1

-- name: register_value_clear
DELETE FROM register_value WHERE filing_id = $1

-- name: register_value_add
INSERT INTO register_value (field, value, filing_id) VALUES ($1, $2, $3) ON CONFLICT (field, value, filing_id) DO NOTHING

-- name: register_values
SELECT v.value FROM register r JOIN register_value v ON v.filing_id = r.filing_id WHERE r.digits = $1 AND v.field = $2

-- name: register_by_number
SELECT facts, state FROM register WHERE digits = $1

-- name: register_by_value
SELECT r.facts, r.state FROM register_value v JOIN register r ON r.filing_id = v.filing_id
WHERE v.field = $1 AND v.value = $2 ORDER BY r.approved DESC, r.digits LIMIT 20

-- name: register_by_name
-- $1 the beginning of the folded name, $2 the first text after all that begin with it
SELECT facts, state FROM register WHERE folded >= $1 AND folded < $2 ORDER BY folded, digits LIMIT 20

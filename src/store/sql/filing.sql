-- Entities, filings, their documents, unique values and numbers.

-- name: entity_lock
UPDATE entity SET turn = turn + 1 WHERE id = $1
RETURNING id, account_id, rev, state, name, kind_label, region, unit, version, created, updated

-- name: account_lock
UPDATE account SET turn = turn + 1 WHERE id = $1 RETURNING id

-- name: entity_get
SELECT id, account_id, rev, state, name, kind_label, region, unit, version, created, updated FROM entity WHERE id = $1

-- name: entity_of_account
SELECT id, account_id, rev, state, name, kind_label, region, unit, version, created, updated
FROM entity WHERE id = $1 AND account_id = $2

-- name: entity_add
INSERT INTO entity (id, account_id, state, name, kind_label, region, unit, version, created, updated)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)

-- name: entity_save
UPDATE entity SET state = $2, name = $3, kind_label = $4, region = $5, unit = $6, version = $7, updated = $8, rev = rev + 1
WHERE id = $1

-- name: filing_get
SELECT entity_id, id, kind, state, name, unit, number, listed, version, approved, created, updated FROM filing WHERE id = $1

-- name: filing_add
INSERT INTO filing (entity_id, id, kind, state, name, unit, number, listed, version, approved, created, updated)
VALUES ($1, $2, $3, $4, $5, $6, NULL, $7, $8, NULL, $9, $9)

-- name: filing_save
UPDATE filing SET state = $2, name = $3, unit = $4, number = $5, listed = $6, version = $7, approved = $8, updated = $9
WHERE id = $1

-- name: filing_list
SELECT id, kind, state, name, unit, number, listed, approved, created, updated FROM filing
WHERE entity_id = $1 AND kind = $2 AND state <> 'void' ORDER BY created DESC, id DESC LIMIT $3 OFFSET $4

-- name: filing_count
SELECT count(*) FROM (SELECT 1 FROM filing WHERE entity_id = $1 AND kind = $2 AND state <> 'void' LIMIT 1001) AS seen

-- name: document_add
INSERT INTO document (entity_id, subject_id, version, kind, form_version, sealed, hash, created)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: document_get
SELECT kind, form_version, sealed, created FROM document WHERE entity_id = $1 AND subject_id = $2 AND version = $3

-- name: document_last
SELECT coalesce(max(version), 0) FROM document WHERE entity_id = $1 AND subject_id = $2

-- name: taken_free
DELETE FROM taken WHERE filing_id = $1 AND version > $2

-- name: taken_add
INSERT INTO taken (rule, value_hash, filing_id, version) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING

-- name: taken_by
SELECT t.filing_id, coalesce(f.name, e.name), t.version, coalesce(f.state, e.state), coalesce(f.entity_id, e.id), a.id, a.state
FROM taken t LEFT JOIN filing f ON f.id = t.filing_id LEFT JOIN entity e ON e.id = t.filing_id
LEFT JOIN application a ON a.subject_id = t.filing_id AND a.open
WHERE t.rule = $1 AND t.value_hash = $2

-- name: number_next
INSERT INTO number_counter (unit, class, last) VALUES ($1, $2, 1)
ON CONFLICT (unit, class) DO UPDATE SET last = number_counter.last + 1 RETURNING last

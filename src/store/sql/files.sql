-- Attachments: rows, uses, the sweep of what nothing uses.

-- name: attachment_add
INSERT INTO attachment (id, owner, original, shown, original_hash, shown_hash, media, size, width, height, name, hints, created)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)

-- name: attachment_get
SELECT owner, original, shown, original_hash, shown_hash, media, size, width, height, name, hints FROM attachment WHERE id = $1

-- name: attachment_documents
SELECT used_by FROM attachment_use WHERE attachment_id = $1 AND used_by >= 'doc:' AND used_by < 'doc;'

-- name: subject_entity
-- The entity (and its account) that an entity or a filing belongs to.
SELECT id, account_id FROM entity WHERE id = $1
UNION ALL
SELECT e.id, e.account_id FROM filing f JOIN entity e ON e.id = f.entity_id WHERE f.id = $1

-- name: attachment_use
INSERT INTO attachment_use (attachment_id, used_by) VALUES ($1, $2) ON CONFLICT (attachment_id, used_by) DO NOTHING

-- name: attachment_unuse
DELETE FROM attachment_use WHERE used_by = $1

-- name: attachment_unused
SELECT a.id, a.original, a.shown FROM attachment a
WHERE a.created < $1 AND NOT EXISTS (SELECT 1 FROM attachment_use u WHERE u.attachment_id = a.id)
ORDER BY a.created, a.id LIMIT 500

-- name: attachment_remove
DELETE FROM attachment
WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM attachment_use u WHERE u.attachment_id = attachment.id)

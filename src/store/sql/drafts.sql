-- Drafts: what a person typed and did not yet submit.

-- name: draft_get
SELECT account_id, id, kind, action, subject_id, entity_id, application_id, rev, form_version, sealed, name, created, saved, ends
FROM draft WHERE account_id = $1 AND id = $2 AND ends > $3

-- name: draft_of_subject
SELECT id, ends FROM draft WHERE account_id = $1 AND kind = $2 AND action = $3 AND subject_id = $4

-- name: draft_add
INSERT INTO draft (account_id, id, kind, action, subject_id, entity_id, application_id, rev, form_version, sealed, name, created, saved, ends)
VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $10, $11, $11, $12) ON CONFLICT DO NOTHING

-- name: draft_save
UPDATE draft SET rev = rev + 1, form_version = $4, sealed = $5, name = $6, saved = $7, ends = $8
WHERE account_id = $1 AND id = $2 AND rev = $3 RETURNING rev

-- name: draft_remove
DELETE FROM draft WHERE account_id = $1 AND id = $2

-- name: draft_spend
-- What is submitted is what was checked: not when it was saved again meanwhile.
DELETE FROM draft WHERE account_id = $1 AND id = $2 AND rev = $3

-- name: draft_count
SELECT count(*) FROM (SELECT 1 FROM draft WHERE account_id = $1 AND ends > $2 LIMIT 1001) AS seen

-- name: draft_count_kind
SELECT count(*) FROM (SELECT 1 FROM draft WHERE account_id = $1 AND ends > $2 AND kind = $3 LIMIT 1001) AS seen

-- name: draft_list
SELECT id, kind, action, name, saved, created, ends, entity_id, subject_id, application_id FROM draft
WHERE account_id = $1 AND ends > $2 ORDER BY saved DESC, id DESC LIMIT $3 OFFSET $4

-- name: draft_list_kind
SELECT id, kind, action, name, saved, created, ends, entity_id, subject_id, application_id FROM draft
WHERE account_id = $1 AND ends > $2 AND kind = $5 ORDER BY saved DESC, id DESC LIMIT $3 OFFSET $4

-- name: draft_expired
SELECT account_id, id FROM draft WHERE ends <= $1 ORDER BY ends LIMIT 200

-- name: draft_ending
-- Who was told is left out, so that the rest gets its turn.
SELECT account_id, id, kind, action, ends FROM draft d WHERE ends > $1 AND ends <= $2 AND application_id IS NULL
  AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.event = 'draft:' || d.id || ':' || d.ends AND n.account_id = d.account_id)
ORDER BY ends LIMIT 200

-- name: draft_move_uses
UPDATE attachment_use SET used_by = $2 WHERE used_by = $1

-- name: draft_unbind
UPDATE draft SET application_id = NULL, ends = $3 WHERE account_id = $1 AND application_id = $2

-- name: draft_rev
SELECT rev, application_id FROM draft WHERE account_id = $1 AND id = $2 AND ends > $3

-- name: attachment_of
SELECT media, size FROM attachment WHERE id = $1 AND owner = $2

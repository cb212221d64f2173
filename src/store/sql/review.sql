-- The officers' side.

-- name: review_queue
SELECT a.id, a.kind, a.action, a.name, a.submitted, a.state, a.claimed_by, a.claimed_at, a.claimed_name, e.name, a.awaits, a.entity_id
FROM application a JOIN entity e ON e.id = a.entity_id
WHERE a.unit = $1 AND (($2 = '' AND a.state IN ('waiting', 'reviewing')) OR a.state = $2) AND ($3 = '' OR a.kind = $3)
  AND NOT a.awaits
ORDER BY a.submitted, a.id LIMIT $4 OFFSET $5

-- name: review_queue_count
SELECT count(*) FROM (SELECT 1 FROM application a
  WHERE a.unit = $1 AND (($2 = '' AND a.state IN ('waiting', 'reviewing')) OR a.state = $2) AND ($3 = '' OR a.kind = $3)
    AND NOT a.awaits LIMIT 1001) AS seen

-- name: review_before
SELECT id FROM application WHERE unit = $1 AND state IN ('waiting', 'reviewing') AND NOT awaits
  AND (submitted < $2 OR (submitted = $2 AND id < $3)) ORDER BY submitted DESC, id DESC LIMIT 1

-- name: review_after
SELECT id FROM application WHERE unit = $1 AND state IN ('waiting', 'reviewing') AND NOT awaits
  AND (submitted > $2 OR (submitted = $2 AND id > $3)) ORDER BY submitted, id LIMIT 1

-- name: review_previous_version
SELECT coalesce(max(version), 0) FROM document WHERE entity_id = $1 AND subject_id = $2 AND version < $3

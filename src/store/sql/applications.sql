-- Applications: of the owner and by id.

-- name: application_get
SELECT entity_id, id, subject_id, kind, action, state, open, awaits, name, unit, version, submitted, counted, decided, ends,
  claimed_by, claimed_at, claimed_name, reasons, confirmed, created, updated, rev
FROM application WHERE id = $1

-- name: application_open_of
SELECT entity_id, id, subject_id, kind, action, state, open, awaits, name, unit, version, submitted, counted, decided, ends,
  claimed_by, claimed_at, claimed_name, reasons, confirmed, created, updated, rev
FROM application WHERE subject_id = $1 AND open

-- name: application_businesses
SELECT entity_id, id, subject_id, kind, action, state, open, awaits, name, unit, version, submitted, counted, decided, ends,
  claimed_by, claimed_at, claimed_name, reasons, confirmed, created, updated, rev
FROM application WHERE entity_id = $1 AND subject_id <> $1 AND open ORDER BY submitted, id

-- name: application_late
SELECT entity_id, id FROM application WHERE state = 'returned' AND ends <= $1 ORDER BY ends LIMIT 200

-- name: application_ending
-- $3: the mark's number of days, part of the notice's event; who was told is left out, so that the rest gets its turn.
SELECT a.entity_id, a.id, a.kind, a.action, a.ends, a.version, e.account_id
FROM application a JOIN entity e ON e.id = a.entity_id
WHERE a.state = 'returned' AND a.ends > $1 AND a.ends <= $2
  AND NOT EXISTS (SELECT 1 FROM notice n
    WHERE n.event = a.id || ':remind:' || a.version || ':' || $3 AND n.account_id = e.account_id)
ORDER BY a.ends LIMIT 200

-- name: application_newest_of
SELECT id, state FROM application WHERE subject_id = $1 ORDER BY submitted DESC, id DESC LIMIT 1

-- name: application_add
INSERT INTO application (entity_id, id, subject_id, kind, action, state, open, awaits, name, unit, version, submitted, counted,
  confirmed, created, updated)
VALUES ($1, $2, $3, $4, $5, $6, true, $7, $8, $9, $10, $11, $12, $13, $11, $11)

-- name: application_save
UPDATE application SET state = $2, open = $3, awaits = $4, name = $5, unit = $6, version = $7, counted = $8, decided = $9,
  ends = $10, claimed_by = $11, claimed_at = $12, claimed_name = $13, reasons = $14, confirmed = $15, updated = $16, rev = rev + 1
WHERE id = $1

-- name: application_wait
UPDATE application SET awaits = $2, counted = $3 WHERE id = $1

-- name: business_counts
SELECT count(*) FILTER (WHERE state IN ('waiting', 'reviewing')), count(*) FILTER (WHERE state = 'reviewing')
FROM application WHERE entity_id = $1 AND subject_id <> $1 AND open

-- name: business_valid
SELECT count(*) FROM (SELECT 1 FROM filing WHERE entity_id = $1 AND state NOT IN ('void', 'cancelled') LIMIT 1) AS seen

-- name: application_list
SELECT a.id, a.kind, a.action, a.name, a.submitted, a.state, a.awaits, a.unit, a.entity_id, a.subject_id
FROM entity e JOIN application a ON a.entity_id = e.id
WHERE e.account_id = $1 AND ($2 = '' OR a.kind = $2) AND ($3 = '' OR a.state = $3)
ORDER BY a.submitted DESC, a.id DESC LIMIT $4 OFFSET $5

-- name: application_count
SELECT count(*) FROM (SELECT 1 FROM entity e JOIN application a ON a.entity_id = e.id
  WHERE e.account_id = $1 AND ($2 = '' OR a.kind = $2) AND ($3 = '' OR a.state = $3) LIMIT 1001) AS seen

-- name: event_list
SELECT at, act, actor, body FROM event WHERE chain = $1 AND subject = $2 ORDER BY seq

-- Notices of an account, and the SMS that wait to be sent.

-- name: notice_add
INSERT INTO notice (id, account_id, entity_id, event, title, body, link, unread, created)
VALUES ($1, $2, $3, $4, $5, $6, $7, true, $8) ON CONFLICT DO NOTHING

-- name: notice_list
SELECT id, event, title, body, link, unread, created, entity_id FROM notice
WHERE account_id = $1 AND (unread OR NOT $2) ORDER BY created DESC, id DESC LIMIT $3 OFFSET $4

-- name: notice_count
SELECT count(*) FROM (SELECT 1 FROM notice WHERE account_id = $1 AND (unread OR NOT $2) LIMIT 1001) AS seen

-- name: notice_read
UPDATE notice SET unread = false WHERE account_id = $1 AND id = $2 AND unread

-- name: notice_read_all
UPDATE notice SET unread = false WHERE account_id = $1 AND unread

-- name: job_add
INSERT INTO job (id, kind, body, due, created) VALUES ($1, $2, $3, $4, $4)

-- name: job_due
SELECT id, body, tries FROM job WHERE kind = $1 AND due <= $2 AND (taken_until IS NULL OR taken_until <= $2) ORDER BY due, id LIMIT 1

-- name: job_take
UPDATE job SET taken_by = $2, taken_until = $3, tries = tries + 1
WHERE id = $1 AND (taken_until IS NULL OR taken_until <= $4)

-- name: job_again
UPDATE job SET taken_by = NULL, taken_until = NULL, due = $2 WHERE id = $1

-- name: job_done
DELETE FROM job WHERE id = $1

-- name: event_submitted
SELECT body FROM event WHERE chain = $1 AND subject = $2 AND act IN ('submit', 'resubmit') ORDER BY seq DESC LIMIT 1

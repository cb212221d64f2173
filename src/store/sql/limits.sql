-- name: limit_count
-- $3 now, $4 the latest start of a window that is over
INSERT INTO rate (name, who, starts, count) VALUES ($1, $2, $3, 1)
ON CONFLICT (name, who) DO UPDATE SET
  count = CASE WHEN rate.starts <= $4 THEN 1 ELSE rate.count + 1 END,
  starts = CASE WHEN rate.starts <= $4 THEN $3 ELSE rate.starts END
RETURNING starts, count;

-- name: limit_sweep
DELETE FROM rate WHERE starts < $1;

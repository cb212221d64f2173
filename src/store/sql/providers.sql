-- Access providers and registrars that forms look up.

-- name: provider_seed
INSERT INTO provider (id, role, name, folded, region, phone, code, access_mode) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (id) DO UPDATE SET role = excluded.role, name = excluded.name, folded = excluded.folded,
  region = excluded.region, phone = excluded.phone, code = excluded.code, access_mode = excluded.access_mode
WHERE provider.filing_id IS NULL

-- name: provider_count
-- $2 to $3: the regions; $4: a LIKE pattern of the folded name
SELECT count(*) FROM provider
WHERE role = $1 AND region >= $2 AND region < $3 AND folded LIKE $4 ESCAPE '\'

-- name: provider_page
SELECT id, name, region, phone, code, access_mode FROM provider
WHERE role = $1 AND region >= $2 AND region < $3 AND folded LIKE $4 ESCAPE '\'
ORDER BY region, folded, id LIMIT $5 OFFSET $6

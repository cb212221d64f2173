-- Times are bigint milliseconds from the program; ids text made by the program; sealed values are bytes.
-- A business is a `kind`, never a table. What belongs to an entity begins its key with entity_id.
CREATE TABLE setting (name text PRIMARY KEY, value text NOT NULL);             -- clock_offset, schema facts

CREATE TABLE account (
  id text PRIMARY KEY, kind text NOT NULL,                                     -- person | legal | officer
  key_hash text NOT NULL UNIQUE,                                               -- keyed hash: person: issuer+id_no; legal: org_id_no; officer: issuer+sub
  facts bytea NOT NULL,                                                        -- sealed claims JSON (latest login)
  facts_version bigint NOT NULL DEFAULT 1,
  unit text,                                                                   -- officers
  turn bigint NOT NULL DEFAULT 0, seq bigint NOT NULL DEFAULT 0, hash text NOT NULL DEFAULT '',
  created bigint NOT NULL, seen bigint NOT NULL);

CREATE TABLE session (
  hash text PRIMARY KEY, account_id text NOT NULL, audience text NOT NULL,     -- applicant | officer
  actor_hash text NOT NULL, actor bytea NOT NULL,                              -- acting person: keyed hash of sub; sealed {sub,name,...}
  offline_key text NOT NULL, created bigint NOT NULL, seen bigint NOT NULL, ends bigint NOT NULL);
CREATE INDEX session_account ON session (account_id);
CREATE INDEX session_ends ON session (ends);

CREATE TABLE login (                                                           -- an authorization request under way, used once
  state_hash text PRIMARY KEY, browser_hash text NOT NULL, audience text NOT NULL, nonce text NOT NULL, verifier text NOT NULL,
  return_to text NOT NULL, created bigint NOT NULL);

CREATE TABLE entity (
  id text PRIMARY KEY, account_id text NOT NULL,
  turn bigint NOT NULL DEFAULT 0, rev bigint NOT NULL DEFAULT 0, seq bigint NOT NULL DEFAULT 0, hash text NOT NULL DEFAULT '',
  state text NOT NULL,                                                         -- reviewing valid changing cancelling transferring cancelled void
  name text NOT NULL, kind_label text NOT NULL, region text NOT NULL, unit text NOT NULL,
  version bigint NOT NULL,                                                     -- last approved, else the submitted one
  created bigint NOT NULL, updated bigint NOT NULL);
CREATE INDEX entity_account ON entity (account_id, created);

CREATE TABLE filing (
  entity_id text NOT NULL, id text NOT NULL UNIQUE, kind text NOT NULL, state text NOT NULL,
  name text NOT NULL, unit text NOT NULL, number text UNIQUE, listed text NOT NULL DEFAULT '{}',   -- `list` columns as JSON for display
  version bigint NOT NULL, approved bigint, created bigint NOT NULL, updated bigint NOT NULL,
  PRIMARY KEY (entity_id, id));
CREATE INDEX filing_kind ON filing (entity_id, kind, created);

CREATE TABLE application (
  entity_id text NOT NULL, id text NOT NULL UNIQUE, subject_id text NOT NULL,  -- subject: the entity or filing
  kind text NOT NULL, action text NOT NULL,                                    -- create | change | cancel
  state text NOT NULL,                                                         -- waiting(待审核) reviewing passed refused returned withdrawn ended
  open boolean NOT NULL, awaits boolean NOT NULL DEFAULT false,                -- awaits: 待提交业务
  name text NOT NULL, unit text NOT NULL, version bigint NOT NULL,
  submitted bigint NOT NULL, counted bigint,                                   -- counted: from when the 30 minutes run; NULL while it awaits
  decided bigint, ends bigint,                                                 -- ends: of 退回补正
  claimed_by text, claimed_at bigint, claimed_name bytea,                      -- officer's account; sealed name
  reasons bytea, confirmed text NOT NULL DEFAULT '[]',                         -- sealed reasons JSON; doubtful pointers that were confirmed
  created bigint NOT NULL, updated bigint NOT NULL, rev bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (entity_id, id));
CREATE UNIQUE INDEX application_open ON application (subject_id) WHERE open;
CREATE INDEX application_unit ON application (unit, state, submitted, id);
CREATE INDEX application_subject ON application (subject_id, submitted);

CREATE TABLE document (                                                        -- versions; never changed, never re-encrypted
  entity_id text NOT NULL, subject_id text NOT NULL, version bigint NOT NULL, kind text NOT NULL, form_version bigint NOT NULL,
  sealed bytea NOT NULL, hash text NOT NULL, created bigint NOT NULL,
  PRIMARY KEY (entity_id, subject_id, version));

CREATE TABLE draft (
  account_id text NOT NULL, id text NOT NULL UNIQUE, kind text NOT NULL, action text NOT NULL,
  subject_id text, entity_id text, application_id text,                        -- application_id: mending a 退回补正
  rev bigint NOT NULL, form_version bigint NOT NULL, sealed bytea NOT NULL, name text NOT NULL DEFAULT '',
  created bigint NOT NULL, saved bigint NOT NULL, ends bigint NOT NULL,
  PRIMARY KEY (account_id, id));
CREATE UNIQUE INDEX draft_subject ON draft (account_id, kind, action, subject_id) WHERE subject_id IS NOT NULL;
CREATE INDEX draft_list ON draft (account_id, saved);
CREATE INDEX draft_ends ON draft (ends);

CREATE TABLE attachment (                                                      -- a stored file; blob name = keyed hash
  id text PRIMARY KEY, owner text NOT NULL,                                    -- account that uploaded it
  original text NOT NULL, shown text NOT NULL,                                 -- blob names: as sent, re-encoded
  original_hash text NOT NULL, shown_hash text NOT NULL,                       -- SM3 of the plain bytes, keyed
  media text NOT NULL, size bigint NOT NULL, width bigint NOT NULL, height bigint NOT NULL, name bytea NOT NULL, hints text NOT NULL DEFAULT '[]',
  created bigint NOT NULL);
CREATE TABLE attachment_use (                                                  -- reference counts: drafts and document versions
  attachment_id text NOT NULL, used_by text NOT NULL,                          -- 'draft:ID' | 'doc:SUBJECT:VERSION'
  PRIMARY KEY (attachment_id, used_by));
CREATE INDEX attachment_use_by ON attachment_use (used_by);

CREATE TABLE notice (
  id text PRIMARY KEY, account_id text NOT NULL, entity_id text, event text NOT NULL, title text NOT NULL, body text NOT NULL,
  link text NOT NULL, unread boolean NOT NULL, created bigint NOT NULL,
  UNIQUE (event, account_id));
CREATE INDEX notice_list ON notice (account_id, unread, created);

CREATE TABLE event (                                                           -- chain per subject: entity or account
  chain text NOT NULL, seq bigint NOT NULL, at bigint NOT NULL, act text NOT NULL, subject text NOT NULL,
  actor text NOT NULL, body bytea NOT NULL, previous text NOT NULL, hash text NOT NULL,
  PRIMARY KEY (chain, seq));

CREATE TABLE taken (rule text NOT NULL, value_hash text NOT NULL, filing_id text NOT NULL, version bigint NOT NULL, PRIMARY KEY (rule, value_hash));
CREATE INDEX taken_filing ON taken (filing_id);

CREATE TABLE unit (code text PRIMARY KEY, name text NOT NULL, region text NOT NULL, region_name text NOT NULL, province text NOT NULL, level text NOT NULL);
CREATE TABLE provider (id text PRIMARY KEY, role text NOT NULL, name text NOT NULL, folded text NOT NULL, region text NOT NULL,
  phone text, code text, access_mode text, filing_id text);
CREATE INDEX provider_region ON provider (role, region, folded);

CREATE TABLE number_counter (unit text NOT NULL, class text NOT NULL, last bigint NOT NULL, PRIMARY KEY (unit, class));

CREATE TABLE register (                                                        -- public facts of filings that have a number; no personal data
  filing_id text PRIMARY KEY, digits text NOT NULL UNIQUE, number text NOT NULL, kind text NOT NULL, state text NOT NULL,
  name text NOT NULL, folded text NOT NULL, facts text NOT NULL, approved bigint NOT NULL);
CREATE INDEX register_folded ON register (folded);
CREATE TABLE register_value (field text NOT NULL, value text NOT NULL, filing_id text NOT NULL, PRIMARY KEY (field, value, filing_id)); -- domains
CREATE INDEX register_value_of ON register_value (filing_id);

CREATE TABLE request_key (                                                     -- idempotency, in the effect's transaction; kept 48 h
  account_id text NOT NULL, route text NOT NULL, key text NOT NULL, body_hash text NOT NULL, status bigint NOT NULL, answer bytea NOT NULL,
  created bigint NOT NULL, PRIMARY KEY (account_id, route, key));
CREATE INDEX request_key_created ON request_key (created);

CREATE TABLE job (id text PRIMARY KEY, kind text NOT NULL, body bytea NOT NULL, due bigint NOT NULL, tries bigint NOT NULL DEFAULT 0,
  taken_by text, taken_until bigint, created bigint NOT NULL);
CREATE INDEX job_due ON job (due);
CREATE TABLE lease (name text PRIMARY KEY, holder text NOT NULL, beat bigint NOT NULL);
CREATE TABLE rate (name text NOT NULL, who text NOT NULL, starts bigint NOT NULL, count bigint NOT NULL, PRIMARY KEY (name, who));

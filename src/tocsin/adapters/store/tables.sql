-- Every table of a node, in the order of the story, for both databases: BYTES stands for what each calls a string of bytes.
-- Columns are the fields of the desk's records, in their order in a backup; instants and spans are whole microseconds
-- (BIGINT), records and lists are JSON texts. A change here needs a migration, and a test compares the two.

-- What every act needs
CREATE TABLE act (
  "key" TEXT NOT NULL,
  result TEXT NOT NULL,
  PRIMARY KEY ("key")
);
CREATE TABLE number (
  noun TEXT NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (noun)
);
CREATE TABLE timer (
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  due BIGINT NOT NULL,
  PRIMARY KEY (kind, subject)
);
CREATE INDEX timer_due ON timer (due, kind, subject);

-- The log
CREATE TABLE log_entry (
  "index" INTEGER NOT NULL,
  kind TEXT NOT NULL,
  at BIGINT NOT NULL,
  subject TEXT NOT NULL,
  statement BYTES NOT NULL,
  blind BYTES NOT NULL,
  disclosures TEXT NOT NULL,
  PRIMARY KEY ("index")
);
CREATE INDEX log_entry_subject ON log_entry (subject, kind);
CREATE TABLE log_hash (
  level INTEGER NOT NULL,
  "index" INTEGER NOT NULL,
  hash BYTES NOT NULL,
  PRIMARY KEY (level, "index")
);
CREATE TABLE checkpoint (
  size INTEGER NOT NULL,
  at BIGINT NOT NULL,
  note BYTES NOT NULL,
  witnesses TEXT NOT NULL,
  PRIMARY KEY (size)
);
CREATE TABLE witnessed_head (
  origin TEXT NOT NULL,
  size BIGINT NOT NULL,
  root BYTES NOT NULL,
  PRIMARY KEY (origin)
);

-- Reports, determinations, warnings, incidents
CREATE TABLE report (
  id TEXT NOT NULL,
  received BIGINT NOT NULL,
  digest TEXT NOT NULL,
  raw BYTES NOT NULL,
  threat TEXT NOT NULL,
  reading TEXT NOT NULL,
  PRIMARY KEY (id)
);
CREATE TABLE matter (
  id TEXT NOT NULL,
  first BIGINT NOT NULL,
  last BIGINT NOT NULL,
  reports INTEGER NOT NULL,
  imminent BOOLEAN NOT NULL,
  asked INTEGER NOT NULL,
  owner TEXT NOT NULL,
  owned BIGINT,
  PRIMARY KEY (id)
);
CREATE TABLE joined (
  report TEXT NOT NULL,
  matter TEXT NOT NULL,
  PRIMARY KEY (report)
);
CREATE INDEX joined_matter ON joined (matter);
CREATE TABLE likeness (
  "key" TEXT NOT NULL,
  report TEXT NOT NULL,
  PRIMARY KEY ("key", report)
);
CREATE TABLE determination (
  id TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (id)
);
CREATE TABLE warning (
  id TEXT NOT NULL,
  status TEXT NOT NULL,
  issued BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX warning_issued ON warning (issued, id);
CREATE INDEX warning_status ON warning (status, issued, id);
CREATE TABLE version (
  warning TEXT NOT NULL,
  number INTEGER NOT NULL,
  audience TEXT NOT NULL,
  peer TEXT NOT NULL,
  cap BYTES NOT NULL,
  statement BYTES NOT NULL,
  disclosures TEXT NOT NULL,
  entry INTEGER NOT NULL,
  PRIMARY KEY (warning, number, audience, peer)
);
CREATE TABLE incident (
  id TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (id)
);
CREATE TABLE claim (
  incident TEXT NOT NULL,
  report TEXT NOT NULL,
  number INTEGER NOT NULL,
  recorded BIGINT NOT NULL,
  claim TEXT NOT NULL,
  PRIMARY KEY (incident, report, number)
);

-- What a review works with: incidents and warnings of others, and what people ruled on verdicts
CREATE TABLE imported (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  source TEXT NOT NULL,
  at BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (kind, id)
);
CREATE INDEX imported_at ON imported (kind, at, id);
CREATE TABLE ruling (
  incident TEXT NOT NULL,
  warning TEXT NOT NULL,
  number INTEGER NOT NULL,
  at BIGINT NOT NULL,
  "by" TEXT NOT NULL,
  rule TEXT NOT NULL,
  judged TEXT NOT NULL,
  ruled TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (incident, warning, number)
);
CREATE TABLE lesson (
  id TEXT NOT NULL,
  incident TEXT NOT NULL,
  text TEXT NOT NULL,
  owner TEXT NOT NULL,
  due TEXT NOT NULL,
  opened BIGINT NOT NULL,
  "by" TEXT NOT NULL,
  closed BIGINT,
  closed_by TEXT NOT NULL,
  outcome TEXT NOT NULL,
  PRIMARY KEY (id)
);

-- The register; people and venues hold addresses and are sealed whole
CREATE TABLE person (
  id TEXT NOT NULL,
  sealed BYTES NOT NULL,
  PRIMARY KEY (id)
);
CREATE TABLE venue (
  id TEXT NOT NULL,
  sealed BYTES NOT NULL,
  PRIMARY KEY (id)
);
CREATE TABLE gathering (
  id TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (id)
);

-- The outbox
CREATE TABLE mail (
  "key" TEXT NOT NULL,
  warning TEXT NOT NULL,
  number INTEGER NOT NULL,
  audience TEXT NOT NULL,
  party TEXT NOT NULL,
  recipient TEXT NOT NULL,
  address BYTES NOT NULL,
  text TEXT NOT NULL,
  language TEXT NOT NULL,
  step INTEGER NOT NULL,
  token TEXT NOT NULL,
  created BIGINT NOT NULL,
  not_after BIGINT NOT NULL,
  due BIGINT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  detail TEXT NOT NULL,
  at BIGINT,
  answered BIGINT,
  holder BIGINT,
  PRIMARY KEY ("key")
);
CREATE INDEX mail_count ON mail (warning, state);
CREATE INDEX mail_due ON mail (state, due, "key");
CREATE INDEX mail_holder ON mail (holder);
CREATE UNIQUE INDEX mail_token ON mail (token);
CREATE INDEX mail_warning ON mail (warning, party);
CREATE TABLE mail_total (
  warning TEXT NOT NULL,
  state TEXT NOT NULL,
  mail INTEGER NOT NULL,
  PRIMARY KEY (warning, state)
);
CREATE TABLE posting (
  digest TEXT NOT NULL,
  peer TEXT NOT NULL,
  purpose TEXT NOT NULL,
  warning TEXT NOT NULL,
  raw BYTES NOT NULL,
  created BIGINT NOT NULL,
  due BIGINT NOT NULL,
  attempts INTEGER NOT NULL,
  delivered BIGINT,
  holder BIGINT,
  PRIMARY KEY (digest)
);
CREATE INDEX posting_due ON posting (delivered, due);
CREATE INDEX posting_holder ON posting (holder);

-- Chasing and answers
CREATE TABLE ladder (
  warning TEXT NOT NULL,
  party TEXT NOT NULL,
  kind TEXT NOT NULL,
  started BIGINT NOT NULL,
  done INTEGER NOT NULL,
  until BIGINT NOT NULL,
  response_clock BIGINT NOT NULL,
  ended BIGINT,
  ended_by TEXT NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (warning, party)
);
CREATE TABLE peer_delivery (
  warning TEXT NOT NULL,
  peer TEXT NOT NULL,
  statement TEXT NOT NULL,
  envelope TEXT NOT NULL,
  state TEXT NOT NULL,
  at BIGINT NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (warning, peer, number)
);
CREATE INDEX peer_delivery_envelope ON peer_delivery (envelope);
CREATE INDEX peer_delivery_statement ON peer_delivery (statement);
CREATE TABLE answer (
  digest TEXT NOT NULL,
  warning TEXT NOT NULL,
  party TEXT NOT NULL,
  answer TEXT NOT NULL,
  at BIGINT NOT NULL,
  "by" TEXT NOT NULL,
  reason TEXT NOT NULL,
  text TEXT NOT NULL,
  entry INTEGER NOT NULL,
  PRIMARY KEY (digest)
);
CREATE INDEX answer_by ON answer (warning, "by");
CREATE INDEX answer_warning ON answer (warning, at);

-- The inbox
CREATE TABLE received (
  digest TEXT NOT NULL,
  peer TEXT NOT NULL,
  raw BYTES NOT NULL,
  received BIGINT NOT NULL,
  receipt BYTES NOT NULL,
  opened BIGINT,
  problem TEXT NOT NULL,
  PRIMARY KEY (digest)
);
CREATE TABLE item (
  id TEXT NOT NULL,
  peer TEXT NOT NULL,
  digest TEXT NOT NULL,
  envelope TEXT NOT NULL,
  received BIGINT NOT NULL,
  cap BYTES NOT NULL,
  statement BYTES NOT NULL,
  headline TEXT NOT NULL,
  expires BIGINT NOT NULL,
  watch_until BIGINT NOT NULL,
  status TEXT NOT NULL,
  state TEXT NOT NULL,
  respond_by BIGINT NOT NULL,
  entry INTEGER NOT NULL,
  message TEXT NOT NULL,
  standing TEXT NOT NULL,
  ended_by TEXT NOT NULL,
  PRIMARY KEY (id)
);
CREATE UNIQUE INDEX item_digest ON item (digest);
CREATE INDEX item_message ON item (peer, message);
CREATE INDEX item_open ON item (status, state, respond_by);
CREATE INDEX item_received ON item (received, id);
CREATE TABLE item_reference (
  item TEXT NOT NULL,
  message TEXT NOT NULL,
  PRIMARY KEY (item, message)
);
CREATE INDEX item_reference_message ON item_reference (message, item);
CREATE TABLE link (
  peer TEXT NOT NULL,
  direction TEXT NOT NULL,
  seq INTEGER NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (peer, direction)
);
CREATE TABLE seen (
  jti TEXT NOT NULL,
  keep_until BIGINT NOT NULL,
  PRIMARY KEY (jti)
);

-- The house
CREATE TABLE officer (
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  address BYTES NOT NULL,
  roles TEXT NOT NULL,
  password TEXT NOT NULL,
  since BIGINT NOT NULL,
  "left" BIGINT,
  PRIMARY KEY (id)
);
CREATE UNIQUE INDEX officer_name ON officer (name);
CREATE TABLE credential (
  digest TEXT NOT NULL,
  officer TEXT NOT NULL,
  kind TEXT NOT NULL,
  label TEXT NOT NULL,
  created BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  ended BIGINT,
  PRIMARY KEY (digest)
);
CREATE INDEX credential_officer ON credential (officer, created);
CREATE TABLE draft (
  id TEXT NOT NULL,
  "order" TEXT NOT NULL,
  digest TEXT NOT NULL,
  "by" TEXT NOT NULL,
  at BIGINT NOT NULL,
  asked TEXT NOT NULL,
  state TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  decided BIGINT,
  reason TEXT NOT NULL,
  warning TEXT NOT NULL,
  confirmed TEXT NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX draft_state ON draft (state, at);
CREATE TABLE task (
  id TEXT NOT NULL,
  what TEXT NOT NULL,
  subject TEXT NOT NULL,
  role TEXT NOT NULL,
  opened BIGINT NOT NULL,
  done BIGINT,
  done_by TEXT NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX task_open ON task (done, opened);

-- Quarantine; the bytes and what a reader said of them may hold addresses and are sealed
CREATE TABLE unread (
  id TEXT NOT NULL,
  number INTEGER NOT NULL,
  reader TEXT NOT NULL,
  digest TEXT NOT NULL,
  source TEXT NOT NULL,
  size INTEGER NOT NULL,
  first BIGINT NOT NULL,
  last BIGINT NOT NULL,
  arrivals INTEGER NOT NULL,
  failures BYTES NOT NULL,
  chained BOOLEAN NOT NULL,
  closed BIGINT,
  became TEXT NOT NULL,
  raw BYTES,
  PRIMARY KEY (id)
);
CREATE INDEX unread_waiting ON unread (digest, reader, closed);

-- Continuity: backups, returns from one, logs that are never signed again, and what was seen of the logs of peers
CREATE TABLE backup_attempt (
  outcome TEXT NOT NULL,
  at BIGINT NOT NULL,
  file TEXT NOT NULL,
  problem TEXT NOT NULL,
  PRIMARY KEY (outcome)
);
CREATE TABLE restored (
  id TEXT NOT NULL,
  made BIGINT NOT NULL,
  restored BIGINT NOT NULL,
  size INTEGER NOT NULL,
  findings TEXT NOT NULL,
  settled BIGINT,
  outcome TEXT NOT NULL,
  retired TEXT NOT NULL,
  PRIMARY KEY (id)
);
CREATE TABLE retired_log (
  origin TEXT NOT NULL,
  vkey TEXT NOT NULL,
  size INTEGER NOT NULL,
  root BYTES NOT NULL,
  at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (origin)
);
CREATE TABLE retired_entry (
  origin TEXT NOT NULL,
  "index" INTEGER NOT NULL,
  kind TEXT NOT NULL,
  at BIGINT NOT NULL,
  subject TEXT NOT NULL,
  statement BYTES NOT NULL,
  blind BYTES NOT NULL,
  disclosures TEXT NOT NULL,
  PRIMARY KEY (origin, "index")
);
CREATE INDEX retired_entry_subject ON retired_entry (subject, kind);
CREATE TABLE retired_hash (
  origin TEXT NOT NULL,
  level INTEGER NOT NULL,
  "index" INTEGER NOT NULL,
  hash BYTES NOT NULL,
  PRIMARY KEY (origin, level, "index")
);
CREATE TABLE retired_checkpoint (
  origin TEXT NOT NULL,
  size INTEGER NOT NULL,
  at BIGINT NOT NULL,
  note BYTES NOT NULL,
  witnesses TEXT NOT NULL,
  PRIMARY KEY (origin, size)
);
CREATE TABLE peer_seen (
  origin TEXT NOT NULL,
  peer TEXT NOT NULL,
  size INTEGER NOT NULL,
  note BYTES NOT NULL,
  serial INTEGER NOT NULL,
  PRIMARY KEY (origin)
);

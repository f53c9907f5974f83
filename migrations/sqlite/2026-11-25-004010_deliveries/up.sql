-- Where messages go, and each message to one target: which revisions of which
-- alerts it carries, what became of it, and its body as sent. Addresses and
-- secrets stay in the settings.
CREATE TABLE target (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  channel TEXT NOT NULL,
  -- the earliest time of its next message: what Retry-After asked for
  not_before BIGINT NOT NULL
);
CREATE TABLE delivery (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  public_id TEXT NOT NULL UNIQUE,
  target_id BIGINT NOT NULL REFERENCES target (id),
  state TEXT NOT NULL CHECK (state IN ('ready', 'sending', 'sent', 'dead', 'folded', 'dropped')),
  purpose TEXT NOT NULL CHECK (purpose IN ('news', 'escalation', 'retraction')),
  attempts BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  sent_at BIGINT,
  -- what the other side called it
  reference TEXT,
  last_error TEXT,
  body TEXT
);
CREATE INDEX delivery_by_work ON delivery (target_id, due_at) WHERE state IN ('ready', 'sending');
CREATE INDEX delivery_by_sending ON delivery (target_id, sent_at);
CREATE TABLE delivery_alert (
  delivery_id BIGINT NOT NULL REFERENCES delivery (id),
  alert_id BIGINT NOT NULL REFERENCES alert (id),
  revision BIGINT NOT NULL,
  -- whose share it tells; 0: the whole of it, to the target of last resort
  team_id BIGINT NOT NULL,
  PRIMARY KEY (delivery_id, alert_id, team_id)
) WITHOUT ROWID;
CREATE INDEX delivery_alert_by_alert ON delivery_alert (alert_id, delivery_id);

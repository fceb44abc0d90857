-- An undo is a planned action of its own, linked to what it takes back.
ALTER TABLE planned_action ADD COLUMN undoes_id TEXT;
-- One at a time; another can be planned once that one came to nothing.
CREATE UNIQUE INDEX planned_action_one_undo ON planned_action (undoes_id)
  WHERE status NOT IN ('rejected', 'sent_back', 'expired', 'cancelled', 'revoked', 'denied', 'failed');

-- What the database itself guarantees, whatever the application does.

-- Closed lists ---------------------------------------------------------------------------------------------------

ALTER TABLE planned_action
  ADD CONSTRAINT planned_action_status CHECK (status IN ('submitted', 'measuring', 'held', 'released', 'executing',
    'succeeded', 'failed', 'unknown_outcome', 'denied', 'rejected', 'sent_back', 'expired', 'cancelled', 'revoked')),
  ADD CONSTRAINT planned_action_execution CHECK (execution IN ('broker', 'agent')),
  ADD CONSTRAINT planned_action_level CHECK (level IN ('low', 'moderate', 'high', 'critical')),
  ADD CONSTRAINT planned_action_counts CHECK (needed >= 0 AND approvals >= 0);
ALTER TABLE decision ADD CONSTRAINT decision_word CHECK (decision IN ('approve', 'reject', 'send_back'));
ALTER TABLE halt ADD CONSTRAINT halt_scope CHECK (scope IN ('workspace', 'agent', 'run', 'tool', 'target'));
ALTER TABLE release ADD CONSTRAINT release_basis CHECK (basis IN ('policy', 'quorum'));
ALTER TABLE group_member ADD CONSTRAINT group_member_one CHECK (num_nonnulls(person_id, member_group_id) = 1);
ALTER TABLE person ADD CONSTRAINT person_email_lower CHECK (email = lower(email));

-- One live release per action; one halt in force per subject.
CREATE UNIQUE INDEX release_one_live ON release (action_id) WHERE claimed_at IS NULL AND revoked_at IS NULL;
CREATE UNIQUE INDEX halt_one_in_force ON halt (workspace_id, scope, subject_id) WHERE lifted_at IS NULL;

-- Small indexes for work that is still to do, however long the past gets.
CREATE INDEX planned_action_unfinished ON planned_action (status, lease_until)
  WHERE status IN ('submitted', 'measuring', 'released', 'executing');
CREATE INDEX planned_action_held_expiry ON planned_action (expires_at) WHERE status IN ('held', 'released');
CREATE INDEX outbox_undelivered ON outbox (next_attempt_at) WHERE delivered_at IS NULL AND failed_at IS NULL;

-- Append-only ----------------------------------------------------------------------------------------------------

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER decision_append_only BEFORE UPDATE OR DELETE ON decision FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER decision_no_truncate BEFORE TRUNCATE ON decision FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reveal_append_only BEFORE UPDATE OR DELETE ON reveal FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reveal_no_truncate BEFORE TRUNCATE ON reveal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What an action is and was judged by never changes (where it acts and under which name decides which halts reach it), and its status only moves along domain/status.ts (a test compares the two lists).
CREATE FUNCTION status_may_move(before text, after text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT before = after OR (before || '>' || after) IN (
    'submitted>measuring', 'submitted>released', 'submitted>held', 'submitted>denied', 'submitted>cancelled', 'submitted>revoked',
    'measuring>released', 'measuring>held', 'measuring>denied', 'measuring>cancelled', 'measuring>revoked',
    'held>released', 'held>rejected', 'held>sent_back', 'held>expired', 'held>cancelled', 'held>revoked', 'held>denied',
    'released>executing', 'released>expired', 'released>cancelled', 'released>revoked', 'released>held',
    'executing>succeeded', 'executing>failed', 'executing>unknown_outcome', 'executing>held', 'executing>revoked')
$$;

CREATE FUNCTION guard_planned_action() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.workspace_id, NEW.agent_id, NEW.key_id, NEW.tool_id, NEW.tool_name, NEW.target_id, NEW.digest, NEW.args, NEW.reason,
      NEW.run_id, NEW.execution, NEW.idempotency_key, NEW.created_at, NEW.owner_id)
     IS DISTINCT FROM
     (OLD.id, OLD.workspace_id, OLD.agent_id, OLD.key_id, OLD.tool_id, OLD.tool_name, OLD.target_id, OLD.digest, OLD.args, OLD.reason,
      OLD.run_id, OLD.execution, OLD.idempotency_key, OLD.created_at, OLD.owner_id) THEN
    RAISE EXCEPTION 'planned action % is immutable', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT status_may_move(OLD.status, NEW.status) THEN
    RAISE EXCEPTION 'planned action % cannot go from % to %', OLD.id, OLD.status, NEW.status USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER planned_action_guard BEFORE UPDATE ON planned_action FOR EACH ROW EXECUTE FUNCTION guard_planned_action();

CREATE FUNCTION guard_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.workspace_id, NEW.action_id, NEW.digest, NEW.footprint_digest, NEW.basis)
     IS DISTINCT FROM (OLD.id, OLD.workspace_id, OLD.action_id, OLD.digest, OLD.footprint_digest, OLD.basis)
     OR (OLD.claimed_at IS NOT NULL AND NEW.claimed_at IS DISTINCT FROM OLD.claimed_at)
     OR (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at)
     OR (NEW.claimed_at IS NOT NULL AND NEW.revoked_at IS NOT NULL AND OLD.claimed_at IS NULL) THEN
    RAISE EXCEPTION 'release % is used up or belongs to something else', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER release_guard BEFORE UPDATE ON release FOR EACH ROW EXECUTE FUNCTION guard_release();

-- Halts ----------------------------------------------------------------------------------------------------------

-- Everything that lets an action go forward holds this lock shared; engaging a halt takes it alone. Under READ COMMITTED a claim whose
-- snapshot is older than the halt could otherwise commit after it. Shared advisory locks live in memory and do not wait for each other.
CREATE FUNCTION halt_key(workspace text) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT hashtextextended('holdpoint.halt:' || workspace, 0)
$$;

CREATE FUNCTION halt_in_force(p_workspace text, p_agent text, p_run text, p_tool text, p_target text)
RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM halt h
    WHERE h.workspace_id = p_workspace AND h.lifted_at IS NULL
      AND h.subject_id IN (p_workspace, p_agent, p_run, p_tool, p_target))
$$;

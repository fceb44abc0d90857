-- Who is away, and who decides in their place meanwhile.
CREATE TABLE "absence" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "stand_in_id" TEXT,
    "starts_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ends_at" TIMESTAMPTZ(6) NOT NULL,
    "ended_at" TIMESTAMPTZ(6),

    CONSTRAINT "absence_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "absence_person_id_idx" ON "absence"("person_id");
CREATE INDEX "absence_stand_in_id_idx" ON "absence"("stand_in_id");
ALTER TABLE "absence" ADD CONSTRAINT "absence_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "absence" ADD CONSTRAINT "absence_stand_in_id_fkey" FOREIGN KEY ("stand_in_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE FUNCTION is_away(b absence, p_at timestamptz) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT b.starts_at <= p_at AND p_at < least(b.ends_at, coalesce(b.ended_at, 'infinity'))
$$;

-- Names of all groups a person belongs to, through any nesting.
CREATE FUNCTION groups_of(p_workspace text, p_person text) RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT ARRAY(
    WITH RECURSIVE mine AS (
      SELECT group_id FROM group_member WHERE person_id = p_person AND workspace_id = p_workspace
      UNION SELECT m.group_id FROM group_member m JOIN mine ON m.member_group_id = mine.group_id)
    SELECT g.name FROM "group" g JOIN mine ON mine.group_id = g.id WHERE g.workspace_id = p_workspace)
$$;

-- Everybody who has no vote on an action, whatever they could decide otherwise.
CREATE FUNCTION excluded_from(a planned_action, p_owner text, p_on_behalf_of text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
  SELECT array_remove(a.excluded_ids || ARRAY[p_owner, a.owner_id, p_on_behalf_of], NULL)
$$;

-- Whether what an obligation asks for is met by this person at a time: by themselves, or in the place of somebody away who is no party to the
-- action. Who stands in brings nothing but the other's groups: their own role, their own clearances, and one vote. Obligations that name roles
-- cannot be met for somebody else.
CREATE FUNCTION may_review(p_workspace text, p_person text, p_roles text[], p_obligation jsonb, p_excluded text[], p_at timestamptz)
RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT (p_obligation -> 'roles' IS NULL OR p_obligation -> 'roles' ?| p_roles)
    AND CASE
      WHEN coalesce(jsonb_array_length(p_obligation -> 'reviewers'), 0) = 0 THEN true
      WHEN p_obligation -> 'reviewers' ?| groups_of(p_workspace, p_person) THEN true
      ELSE EXISTS (
        SELECT FROM absence b JOIN person away ON away.id = b.person_id AND away.workspace_id = p_workspace AND away.disabled_at IS NULL
          AND away.roles && ARRAY['owner', 'security_lead', 'reviewer']
        WHERE b.stand_in_id = p_person AND b.workspace_id = p_workspace AND is_away(b, p_at) AND b.person_id <> ALL (p_excluded)
          AND p_obligation -> 'reviewers' ?| groups_of(p_workspace, b.person_id))
    END
$$;

-- Takes the one release of an action, or says why not. Two claims at the same instant: the second finds `claimed_at` set.
-- A release by quorum is counted again from the decisions, and only those of people who are entitled now: neither a forged row in
-- `release` nor decisions of an owner, a stranger or somebody since removed release anything.
-- What an agent executes itself is measured again by the caller, with the tool that was judged and with the directory of version p_directory:
-- should somebody have become somebody else since, the caller has to look again.
CREATE OR REPLACE FUNCTION claim_release(
  p_workspace text, p_action text, p_execution text, p_agent text, p_key text,
  p_holder text, p_lease_seconds int, p_actor_kind text, p_actor_id text, p_actor_name text, p_directory bigint, p_policy text)
RETURNS TABLE (code text, release_id text, release_expires_at timestamptz) LANGUAGE plpgsql AS $$
DECLARE
  a planned_action;
  r release;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(halt_key(p_workspace));
  SELECT * INTO a FROM planned_action x
    WHERE x.id = p_action AND x.workspace_id = p_workspace AND (p_agent IS NULL OR x.agent_id = p_agent) FOR UPDATE;
  IF NOT FOUND THEN RETURN QUERY SELECT 'action_unknown', NULL::text, NULL::timestamptz; RETURN; END IF;
  IF a.execution <> p_execution THEN RETURN QUERY SELECT 'not_claimable', NULL::text, NULL::timestamptz; RETURN; END IF;
  IF halt_in_force(a.workspace_id, a.agent_id, a.run_id, a.tool_id, a.target_id) THEN
    RETURN QUERY SELECT 'halted', NULL::text, NULL::timestamptz; RETURN;
  END IF;
  IF EXISTS (SELECT FROM agent g WHERE g.id = a.agent_id AND g.suspended_at IS NOT NULL) THEN
    RETURN QUERY SELECT 'agent_suspended', NULL::text, NULL::timestamptz; RETURN;
  END IF;
  IF p_key IS NOT NULL AND NOT EXISTS (
    SELECT FROM agent_key k WHERE k.id = p_key AND k.agent_id = a.agent_id AND k.revoked_at IS NULL
      AND (k.expires_at IS NULL OR k.expires_at > now())) THEN
    RETURN QUERY SELECT 'key_invalid', NULL::text, NULL::timestamptz; RETURN;
  END IF;
  IF a.status <> 'released' THEN
    RETURN QUERY SELECT CASE
      WHEN a.status = 'expired' THEN 'release_expired'
      WHEN a.status <> 'held' AND EXISTS (SELECT FROM release x WHERE x.action_id = a.id AND x.claimed_at IS NOT NULL)
        THEN 'release_already_claimed'
      ELSE 'not_released' END, NULL::text, NULL::timestamptz;
    RETURN;
  END IF;
  SELECT * INTO r FROM release x
    WHERE x.action_id = a.id AND x.claimed_at IS NULL AND x.revoked_at IS NULL AND x.digest = a.digest
      AND x.footprint_digest IS NOT DISTINCT FROM a.footprint_digest FOR UPDATE;
  IF NOT FOUND THEN RETURN QUERY SELECT 'not_released', NULL::text, NULL::timestamptz; RETURN; END IF;
  IF r.expires_at <= clock_timestamp() THEN RETURN QUERY SELECT 'release_expired', NULL::text, NULL::timestamptz; RETURN; END IF;
  IF p_execution = 'agent' AND NOT EXISTS (
    SELECT FROM tool t WHERE t.id = a.tool_id AND t.removed_at IS NULL AND t.definition_hash = a.tool_hash) THEN
    RETURN QUERY SELECT 'tool_changed', NULL::text, NULL::timestamptz; RETURN;
  END IF;
  -- Holdpoint's own actions are judged by rules of their own. Everything else runs only under the verdict of the version in force.
  IF a.policy IS DISTINCT FROM 'built-in' AND (a.policy IS DISTINCT FROM p_policy OR NOT policy_is_in_force(p_workspace, p_policy)) THEN
    RETURN QUERY SELECT 'policy_changed', NULL::text, NULL::timestamptz; RETURN;
  END IF;
  IF NOT (CASE r.basis
    WHEN 'policy' THEN a.verdict ->> 'verdict' = 'allow'
    ELSE a.needed >= 1 AND a.needed <= (
      SELECT count(DISTINCT d.person_id) FROM decision d
      -- The roles that decide, as in domain/decide.ts.
      JOIN person p ON p.id = d.person_id AND p.workspace_id = a.workspace_id AND p.disabled_at IS NULL
        AND p.roles && ARRAY['owner', 'security_lead', 'reviewer']
      JOIN agent g ON g.id = a.agent_id AND p.id NOT IN (g.owner_id, a.owner_id)
      LEFT JOIN run u ON u.id = a.run_id
      WHERE d.action_id = a.id AND d.round = a.round AND d.decision = 'approve' AND d.digest = a.digest
        AND d.footprint_digest = a.footprint_digest AND u.on_behalf_of_id IS DISTINCT FROM p.id
        AND p.id <> ALL (a.excluded_ids)
        AND may_review(a.workspace_id, p.id, p.roles, a.obligation, excluded_from(a, g.owner_id, u.on_behalf_of_id), d.at))
  END) THEN
    RETURN QUERY SELECT 'not_released', NULL::text, NULL::timestamptz; RETURN;
  END IF;
  IF p_execution = 'agent' THEN
    -- Whoever changes the directory holds this alone until it commits, so the version read next is the one this claim commits under.
    PERFORM pg_advisory_xact_lock_shared(directory_key(p_workspace));
    IF p_directory IS DISTINCT FROM coalesce((SELECT v.version FROM directory_version v WHERE v.workspace_id = p_workspace), 0) THEN
      RETURN QUERY SELECT 'directory_changed', NULL::text, NULL::timestamptz; RETURN;
    END IF;
  END IF;
  UPDATE release SET claimed_at = clock_timestamp() WHERE id = r.id;
  UPDATE planned_action SET status = 'executing', revision = revision + 1, lease_holder = p_holder,
    lease_until = clock_timestamp() + make_interval(secs => p_lease_seconds), expires_at = NULL WHERE id = a.id;
  INSERT INTO audit_event (workspace_id, kind, actor_kind, actor_id, actor_name, action_id, digest, footprint_digest, data)
    VALUES (a.workspace_id, 'release.claimed', p_actor_kind, p_actor_id, p_actor_name, a.id, a.digest, a.footprint_digest,
      jsonb_build_object('releaseId', r.id, 'basis', r.basis));
  PERFORM pg_notify('holdpoint', json_build_object('w', a.workspace_id, 'a', a.id, 's', 'executing')::text);
  RETURN QUERY SELECT NULL::text, r.id, r.expires_at;
END $$;


DROP FUNCTION may_review(text, text, text[], jsonb);

-- A hold that nobody decides is said again before it expires: when half of its time is over to those it waits for, after three quarters to
-- owners and security leads as well, and near its end to all of them, whatever they chose to be told.
ALTER TABLE "planned_action" ADD COLUMN "escalation" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "planned_action" ADD COLUMN "escalates_at" TIMESTAMPTZ(6);
CREATE INDEX "planned_action_escalates_at_idx" ON "planned_action"("escalates_at") WHERE escalates_at IS NOT NULL;

CREATE FUNCTION escalates_at(p_held timestamptz, p_expires timestamptz, p_stage int) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
  SELECT p_held + (p_expires - p_held) * (ARRAY[0.5, 0.75, 0.9])[p_stage + 1]
$$;

CREATE FUNCTION plan_escalation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status <> 'held' THEN NEW.escalates_at := NULL; RETURN NEW; END IF;
  IF TG_OP = 'INSERT' OR OLD.status <> 'held' OR OLD.round <> NEW.round THEN NEW.escalation := 0; END IF;
  NEW.escalates_at := escalates_at(NEW.held_at, NEW.expires_at, NEW.escalation);
  RETURN NEW;
END $$;
CREATE TRIGGER planned_action_escalates_first BEFORE INSERT ON planned_action FOR EACH ROW WHEN (NEW.status = 'held') EXECUTE FUNCTION plan_escalation();
CREATE TRIGGER planned_action_escalates BEFORE UPDATE ON planned_action FOR EACH ROW
  WHEN ((OLD.status = 'held' OR NEW.status = 'held') AND (OLD.status, OLD.round, OLD.held_at, OLD.expires_at, OLD.escalation)
    IS DISTINCT FROM (NEW.status, NEW.round, NEW.held_at, NEW.expires_at, NEW.escalation)) EXECUTE FUNCTION plan_escalation();
UPDATE planned_action SET escalates_at = escalates_at(held_at, expires_at, 0) WHERE status = 'held';

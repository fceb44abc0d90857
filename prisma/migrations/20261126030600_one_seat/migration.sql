-- Whoever is away and who decides in their place fill one seat: when both have answered, only the absent one's answer counts.
-- As before otherwise: whether what an obligation asks for is met by this person at a time, by themselves or in the place of somebody away who is
-- no party to the action. `p_deciding` is somebody who is answering right now.
CREATE FUNCTION may_review(a planned_action, p_person text, p_roles text[], p_obligation jsonb, p_excluded text[], p_at timestamptz, p_deciding text)
RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT (p_obligation -> 'roles' IS NULL OR p_obligation -> 'roles' ?| p_roles)
    AND CASE
      WHEN coalesce(jsonb_array_length(p_obligation -> 'reviewers'), 0) = 0 THEN true
      WHEN p_obligation -> 'reviewers' ?| groups_of(a.workspace_id, p_person) THEN true
      ELSE EXISTS (
        SELECT FROM absence b JOIN person away ON away.id = b.person_id AND away.workspace_id = a.workspace_id AND away.disabled_at IS NULL
          AND away.roles && ARRAY['owner', 'security_lead', 'reviewer']
        WHERE b.stand_in_id = p_person AND b.workspace_id = a.workspace_id AND is_away(b, p_at) AND b.person_id <> ALL (p_excluded)
          AND b.person_id IS DISTINCT FROM p_deciding
          AND NOT EXISTS (SELECT FROM decision x WHERE x.action_id = a.id AND x.round = a.round AND x.person_id = b.person_id)
          AND p_obligation -> 'reviewers' ?| groups_of(a.workspace_id, b.person_id))
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
  IF EXISTS (SELECT FROM run u WHERE u.id = a.run_id AND least(u.mandate_ended_at, u.mandate_expires_at) <= clock_timestamp()) THEN
    RETURN QUERY SELECT 'mandate_ended', NULL::text, NULL::timestamptz; RETURN;
  END IF;
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
    WHEN 'break_glass' THEN EXISTS (
      SELECT FROM break_glass b JOIN person p ON p.id = b.person_id AND p.workspace_id = a.workspace_id AND p.disabled_at IS NULL AND 'owner' = ANY (p.roles)
      WHERE b.action_id = a.id AND b.release_id = r.id AND b.digest = a.digest AND b.footprint_digest IS NOT DISTINCT FROM a.footprint_digest)
    ELSE a.needed >= 1 AND a.needed <= (
      SELECT count(DISTINCT d.person_id) FROM decision d
      -- The roles that decide, as in domain/decide.ts.
      JOIN person p ON p.id = d.person_id AND p.workspace_id = a.workspace_id AND p.disabled_at IS NULL
        AND p.roles && ARRAY['owner', 'security_lead', 'reviewer']
      JOIN agent g ON g.id = a.agent_id AND p.id NOT IN (g.owner_id, a.owner_id)
      LEFT JOIN run u ON u.id = a.run_id
      WHERE d.action_id = a.id AND d.round = a.round AND d.decision = 'approve' AND d.digest = a.digest
        AND d.footprint_digest = a.footprint_digest AND u.on_behalf_of_id IS DISTINCT FROM p.id
        AND p.id <> ALL (a.excluded_ids) AND (a.obligation ->> 'presence' IS DISTINCT FROM 'passkey' OR d.presence IS NOT NULL)
        AND may_review(a, p.id, p.roles, a.obligation, excluded_from(a, g.owner_id, u.on_behalf_of_id), d.at, NULL))
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
  INSERT INTO tool_use (agent_id, tool_id, workspace_id) VALUES (a.agent_id, a.tool_id, a.workspace_id) ON CONFLICT DO NOTHING;
  INSERT INTO audit_event (workspace_id, kind, actor_kind, actor_id, actor_name, action_id, digest, footprint_digest, data)
    VALUES (a.workspace_id, 'release.claimed', p_actor_kind, p_actor_id, p_actor_name, a.id, a.digest, a.footprint_digest,
      jsonb_build_object('releaseId', r.id, 'basis', r.basis));
  PERFORM pg_notify('holdpoint', json_build_object('w', a.workspace_id, 'a', a.id, 's', 'executing')::text);
  RETURN QUERY SELECT NULL::text, r.id, r.expires_at;
END $$;

DROP FUNCTION may_review(text, text, text[], jsonb, text[], timestamptz);

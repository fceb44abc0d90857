-- The hot path: what happens thousands of times a minute, in one statement each.

-- Writes a batch of judged submissions, each with its release, audit events, notices and evidence, in one statement.
-- Answers one row per item: `code` null means written; `duplicate` means the idempotency key was used before; anything else is a refusal.
-- What the caller checked in its caches (key, agent, tool definition, run, halts) is checked again here.
CREATE FUNCTION submit_actions(batch jsonb)
RETURNS TABLE (i int, code text) LANGUAGE plpgsql AS $$
DECLARE
  w text;
BEGIN
  FOR w IN SELECT DISTINCT x ->> 'workspaceId' FROM jsonb_array_elements(batch) x ORDER BY 1 LOOP
    PERFORM pg_advisory_xact_lock_shared(halt_key(w));
  END LOOP;
  RETURN QUERY
  WITH item AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(batch) AS x (
      i int, id text, "workspaceId" text, "agentId" text, "agentName" text, "keyId" text, "runId" text, "toolId" text, "toolName" text,
      "toolHash" text, "targetId" text, execution text, args jsonb, reason text, digest text, "idempotencyKey" text, status text,
      "supersedesId" text, footprint jsonb, "footprintDigest" text, "blastRadius" jsonb, sentence text, level text, "imagesTotal" int,
      verdict jsonb, obligation jsonb, needed int, "expirySeconds" int, "leaseHolder" text, "leaseSeconds" int,
      "releaseId" text, events jsonb, notices jsonb, chunks jsonb)
  ), judged AS MATERIALIZED (
    SELECT item.*, a.owner_id,
      CASE
        WHEN k.id IS NULL OR k.revoked_at IS NOT NULL THEN 'key_invalid'
        WHEN k.expires_at <= now() THEN 'key_expired'
        WHEN a.id IS NULL OR a.suspended_at IS NOT NULL THEN 'agent_suspended'
        WHEN t.id IS NULL OR t.removed_at IS NOT NULL OR t.definition_hash <> item."toolHash" THEN 'tool_changed'
        WHEN item."runId" IS NOT NULL AND r.id IS NULL THEN 'run_unknown'
        WHEN r.finished_at IS NOT NULL THEN 'run_finished'
        WHEN halt_in_force(item."workspaceId", item."agentId", item."runId", item."toolId", item."targetId") THEN 'halted'
      END AS refusal
    FROM item
    LEFT JOIN agent_key k ON k.id = item."keyId" AND k.agent_id = item."agentId"
    LEFT JOIN agent a ON a.id = item."agentId" AND a.workspace_id = item."workspaceId"
    LEFT JOIN tool t ON t.id = item."toolId" AND t.workspace_id = item."workspaceId"
    LEFT JOIN run r ON r.id = item."runId" AND r.agent_id = item."agentId" AND r.workspace_id = item."workspaceId"
  ), written AS (
    INSERT INTO planned_action (id, workspace_id, agent_id, key_id, run_id, tool_id, tool_name, tool_hash, target_id, execution, args, reason,
      digest, idempotency_key, status, supersedes_id, footprint, footprint_digest, blast_radius, sentence, level, images_total, verdict,
      obligation, needed, held_at, expires_at, finished_at, lease_holder, lease_until, owner_id)
    SELECT j.id, j."workspaceId", j."agentId", j."keyId", j."runId", j."toolId", j."toolName", j."toolHash", j."targetId", j.execution, j.args,
      j.reason, j.digest, j."idempotencyKey", j.status, j."supersedesId", j.footprint, j."footprintDigest", j."blastRadius",
      coalesce(j.sentence, ''), coalesce(j.level, 'low'), j."imagesTotal", j.verdict, j.obligation, coalesce(j.needed, 0),
      CASE WHEN j.status = 'held' THEN now() END,
      now() + make_interval(secs => j."expirySeconds"),
      CASE WHEN j.status = 'denied' THEN now() END,
      j."leaseHolder", now() + make_interval(secs => j."leaseSeconds"), j.owner_id
    FROM judged j WHERE j.refusal IS NULL
    ON CONFLICT (agent_id, idempotency_key) DO NOTHING
    RETURNING planned_action.id
  ), released AS (
    INSERT INTO release (id, workspace_id, action_id, digest, footprint_digest, basis, expires_at)
    SELECT j."releaseId", j."workspaceId", j.id, j.digest, j."footprintDigest", 'policy', now() + make_interval(secs => j."expirySeconds")
    FROM judged j JOIN written USING (id) WHERE j.status = 'released'
  ), audited AS (
    INSERT INTO audit_event (workspace_id, kind, actor_kind, actor_id, actor_name, action_id, digest, footprint_digest, data)
    SELECT j."workspaceId", e.kind, e."actorKind", e."actorId", e."actorName", j.id, j.digest, j."footprintDigest", coalesce(e.data, '{}')
    FROM judged j JOIN written USING (id)
    CROSS JOIN LATERAL jsonb_to_recordset(j.events) AS e (kind text, "actorKind" text, "actorId" text, "actorName" text, data jsonb)
  ), noticed AS (
    INSERT INTO outbox (workspace_id, topic, action_id, payload)
    SELECT j."workspaceId", n.topic, j.id, coalesce(n.payload, '{}')
    FROM judged j JOIN written USING (id)
    CROSS JOIN LATERAL jsonb_to_recordset(coalesce(j.notices, '[]')) AS n (topic text, payload jsonb)
  ), kept AS (
    INSERT INTO evidence_chunk (action_id, footprint_digest, chunk, workspace_id, size, sealed)
    SELECT j.id, j."footprintDigest", c.chunk, j."workspaceId", c.size, decode(c.sealed, 'base64')
    FROM judged j JOIN written USING (id)
    CROSS JOIN LATERAL jsonb_to_recordset(coalesce(j.chunks, '[]')) AS c (chunk int, size int, sealed text)
  ), told AS (
    -- One notification per workspace and batch, and only when there is something for a person to see.
    SELECT pg_notify('holdpoint', json_build_object('w', j."workspaceId", 's', 'held')::text)
    FROM judged j JOIN written USING (id) WHERE j.status = 'held' GROUP BY j."workspaceId"
  )
  SELECT j.i, coalesce(j.refusal, CASE WHEN written.id IS NULL THEN 'duplicate' END)
  FROM judged j LEFT JOIN written USING (id)
  -- The result depends on it, or the planner would drop the notifications.
  CROSS JOIN (SELECT count(*) AS told FROM told) AS n
  WHERE n.told >= 0
  ORDER BY j.i;
END $$;

-- Takes the one release of an action, or says why not. Two claims at the same instant: the second finds `claimed_at` set.
-- A release by quorum is counted again from the decisions, and only those of people who are entitled now: neither a forged row in
-- `release` nor decisions of an owner, a stranger or somebody since removed release anything.
-- What an agent executes itself is not measured again, so its tool has to be the one that was judged.
CREATE FUNCTION claim_release(
  p_workspace text, p_action text, p_execution text, p_agent text, p_key text,
  p_holder text, p_lease_seconds int, p_actor_kind text, p_actor_id text, p_actor_name text)
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
        AND d.footprint_digest = a.footprint_digest AND u.on_behalf_of_id IS DISTINCT FROM p.id)
  END) THEN
    RETURN QUERY SELECT 'not_released', NULL::text, NULL::timestamptz; RETURN;
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

-- The last step before COMMIT goes to a target. It waits for a halt that is being engaged, as claims do: a snapshot older than the halt
-- would otherwise let an execution commit after the halt had returned.
CREATE FUNCTION write_commit_evidence(p_action text, p_holder text, p_evidence text, p_lease_seconds int)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(halt_key(a.workspace_id)) FROM planned_action a WHERE a.id = p_action;
  UPDATE planned_action a
    SET commit_evidence = p_evidence, lease_until = clock_timestamp() + make_interval(secs => p_lease_seconds)
    WHERE a.id = p_action AND a.lease_holder = p_holder AND a.status = 'executing'
      AND NOT halt_in_force(a.workspace_id, a.agent_id, a.run_id, a.tool_id, a.target_id);
  RETURN FOUND;
END $$;

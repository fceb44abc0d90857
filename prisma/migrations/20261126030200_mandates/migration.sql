-- Which tools an agent has ever run: the first time is looked at by a person.
CREATE TABLE "tool_use" (
    "agent_id" TEXT NOT NULL,
    "tool_id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "first_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tool_use_pkey" PRIMARY KEY ("agent_id","tool_id")
);
INSERT INTO tool_use (agent_id, tool_id, workspace_id, first_at)
  SELECT a.agent_id, a.tool_id, a.workspace_id, min(r.claimed_at) FROM release r JOIN planned_action a ON a.id = r.action_id
  WHERE r.claimed_at IS NOT NULL GROUP BY 1, 2, 3;

-- What a run may do. What the agent asks for when it starts one narrows it from the start; a template or a person grants it, or less.
CREATE TABLE "mandate_template" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    -- Names of the agents whose runs get it without a person; empty for all.
    "agents" TEXT[],
    "limits" JSONB NOT NULL,
    "hours" DOUBLE PRECISION NOT NULL,
    "created_by" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "mandate_template_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "mandate_template_workspace_id_name_key" ON "mandate_template"("workspace_id", "name");

-- The mandate in force: who granted it (a person or a template), what it allows, until when, and what was spent of it by releases.
ALTER TABLE "run" ADD COLUMN "mandate_limits" JSONB,
  ADD COLUMN "mandate_by" TEXT,
  ADD COLUMN "mandate_granted_at" TIMESTAMPTZ(6),
  ADD COLUMN "mandate_expires_at" TIMESTAMPTZ(6),
  ADD COLUMN "mandate_ended_at" TIMESTAMPTZ(6),
  ADD COLUMN "spent_calls" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "spent_rows" BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN "spent_people" BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN "spent_money" BIGINT NOT NULL DEFAULT 0;

-- Writes a batch of judged submissions, each with its release, audit events, notices and evidence, in one statement.
-- Answers one row per item: `code` null means written; `duplicate` means the idempotency key was used before; anything else is a refusal.
-- What the caller checked in its caches (key, agent, tool definition, run, halts) is checked again here, and so is what the verdict rests on:
-- `stale` means that the run has come across more, or the agent has come to know more, than the caller had seen. Nothing is written then;
-- the caller looks and judges again.
CREATE OR REPLACE FUNCTION submit_actions(batch jsonb)
RETURNS TABLE (i int, code text) LANGUAGE plpgsql AS $$
DECLARE
  w text;
  k text[];
  ws text[];
BEGIN
  FOR w IN SELECT DISTINCT x ->> 'workspaceId' FROM jsonb_array_elements(batch) x ORDER BY 1 LOOP
    PERFORM pg_advisory_xact_lock_shared(halt_key(w));
  END LOOP;
  -- Those who come to know more, and the agents that show it to them, wait for each other here; what merely reads does not.
  SELECT array_agg(u.n), array_agg(x ->> 'workspaceId') INTO k, ws
    FROM jsonb_array_elements(batch) x CROSS JOIN LATERAL jsonb_array_elements(coalesce(x -> 'exposure', '[]')) e
    CROSS JOIN LATERAL (SELECT x ->> 'agentId' UNION SELECT jsonb_array_elements_text(e -> 'knowers')) AS u (n)
    WHERE x ->> 'status' = 'released';
  IF k IS NOT NULL THEN
    PERFORM lock_exposure_heads(ws, k);
  END IF;
  -- Runs that come across more, or whose mandate is spent from: two at once must not both pass under what is left of it.
  PERFORM FROM run r WHERE r.id IN (
    SELECT x ->> 'runId' FROM jsonb_array_elements(batch) x
      WHERE x ->> 'status' = 'released' AND ((x ->> 'addsLabels')::boolean OR x -> 'spends' IS NOT NULL))
    ORDER BY r.id FOR UPDATE;
  RETURN QUERY
  WITH item AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(batch) AS x (
      i int, id text, "workspaceId" text, "agentId" text, "agentName" text, "keyId" text, "runId" text, "toolId" text, "toolName" text,
      "toolHash" text, "targetId" text, execution text, args jsonb, reason text, digest text, "idempotencyKey" text, status text,
      "supersedesId" text, footprint jsonb, "footprintDigest" text, "blastRadius" jsonb, sentence text, level text, "imagesTotal" int,
      verdict jsonb, obligation jsonb, needed int, "expirySeconds" int, "settlesAt" timestamptz, "leaseHolder" text, "leaseSeconds" int,
      "releaseId" text, facts jsonb, policy text, events jsonb, notices jsonb, chunks jsonb, "runRevision" int, "exposureRevision" int, "addsLabels" boolean,
      exposure jsonb, spends jsonb)
  ), judged AS MATERIALIZED (
    SELECT item.*, a.owner_id, coalesce(h.revision, 0) AS head_revision,
      CASE
        WHEN k.id IS NULL OR k.revoked_at IS NOT NULL THEN 'key_invalid'
        WHEN k.expires_at <= now() THEN 'key_expired'
        WHEN a.id IS NULL OR a.suspended_at IS NOT NULL THEN 'agent_suspended'
        WHEN t.id IS NULL OR t.removed_at IS NOT NULL OR t.definition_hash <> item."toolHash" THEN 'tool_changed'
        WHEN item."runId" IS NOT NULL AND r.id IS NULL THEN 'run_unknown'
        WHEN r.finished_at IS NOT NULL THEN 'run_finished'
        WHEN halt_in_force(item."workspaceId", item."agentId", item."runId", item."toolId", item."targetId") THEN 'halted'
        -- Judged under another version than the one in force: the caller judges again. What is only measured yet has no verdict.
        WHEN item.policy IS NOT NULL AND NOT policy_is_in_force(item."workspaceId", item.policy) THEN 'policy_changed'
        WHEN r.revision <> item."runRevision" OR coalesce(h.revision, 0) <> item."exposureRevision" THEN 'stale'
        -- Of several that add to what one agent knows the first is written; the others rest on what was before it.
        WHEN item.status = 'released' AND item.exposure IS NOT NULL AND item.i <> min(item.i) FILTER (
          WHERE item.status = 'released' AND item.exposure IS NOT NULL) OVER (PARTITION BY item."agentId") THEN 'stale'
        WHEN item.status = 'released' AND item.spends IS NOT NULL AND item.i <> min(item.i) FILTER (
          WHERE item.status = 'released' AND item.spends IS NOT NULL) OVER (PARTITION BY item."runId") THEN 'stale'
      END AS refusal
    FROM item
    LEFT JOIN agent_key k ON k.id = item."keyId" AND k.agent_id = item."agentId"
    LEFT JOIN agent a ON a.id = item."agentId" AND a.workspace_id = item."workspaceId"
    LEFT JOIN tool t ON t.id = item."toolId" AND t.workspace_id = item."workspaceId"
    LEFT JOIN run r ON r.id = item."runId" AND r.agent_id = item."agentId" AND r.workspace_id = item."workspaceId"
    LEFT JOIN exposure_head h ON h.workspace_id = item."workspaceId" AND h.knower = item."agentId"
  ), written AS (
    INSERT INTO planned_action (id, workspace_id, agent_id, key_id, run_id, tool_id, tool_name, tool_hash, target_id, execution, args, reason,
      digest, idempotency_key, status, supersedes_id, footprint, footprint_digest, blast_radius, sentence, level, images_total, verdict,
      obligation, needed, held_at, expires_at, settles_at, finished_at, lease_holder, lease_until, owner_id, facts, policy)
    SELECT j.id, j."workspaceId", j."agentId", j."keyId", j."runId", j."toolId", j."toolName", j."toolHash", j."targetId", j.execution, j.args,
      j.reason, j.digest, j."idempotencyKey", j.status, j."supersedesId", j.footprint, j."footprintDigest", j."blastRadius",
      coalesce(j.sentence, ''), coalesce(j.level, 'low'), j."imagesTotal", j.verdict, j.obligation, coalesce(j.needed, 0),
      CASE WHEN j.status = 'held' THEN now() END,
      now() + make_interval(secs => j."expirySeconds"),
      j."settlesAt",
      CASE WHEN j.status = 'denied' THEN now() END,
      j."leaseHolder", now() + make_interval(secs => j."leaseSeconds"), j.owner_id, j.facts, j.policy
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
  ), exposed AS (
    -- While it is held it is only written down; the release makes it true.
    INSERT INTO exposure (workspace_id, action_id, agent_id, run_id, tool_name, kind, knowers, classes, subjects, count, revision, at)
    SELECT j."workspaceId", j.id, j."agentId", j."runId", j."toolName", e.kind, e.knowers, e.classes, decode(e.subjects, 'base64'), e.count,
      CASE WHEN j.status = 'released' THEN j.head_revision + 1 END, CASE WHEN j.status = 'released' THEN now() END
    FROM judged j JOIN written USING (id)
    CROSS JOIN LATERAL jsonb_to_recordset(j.exposure) AS e (kind text, knowers text[], classes text[], subjects text, count int)
  ), heads AS (
    UPDATE exposure_head h SET revision = h.revision + 1
    FROM (SELECT DISTINCT j."workspaceId" AS w, u.n AS k FROM judged j JOIN written USING (id)
      CROSS JOIN LATERAL jsonb_to_recordset(j.exposure) AS e (knowers text[])
      CROSS JOIN LATERAL unnest(array_append(e.knowers, j."agentId")) AS u (n) WHERE j.status = 'released') AS l
    WHERE h.workspace_id = l.w AND h.knower = l.k
  ), labelled AS (
    UPDATE run r SET revision = r.revision + 1, spent_calls = r.spent_calls + (j.spends IS NOT NULL)::int,
      spent_rows = r.spent_rows + coalesce((j.spends ->> 'rows')::bigint, 0), spent_people = r.spent_people + coalesce((j.spends ->> 'people')::bigint, 0),
      spent_money = r.spent_money + coalesce((j.spends ->> 'money')::bigint, 0)
    FROM judged j JOIN written USING (id)
    WHERE r.id = j."runId" AND (j."addsLabels" OR j.spends IS NOT NULL) AND j.status = 'released'
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
  INSERT INTO tool_use (agent_id, tool_id, workspace_id) VALUES (a.agent_id, a.tool_id, a.workspace_id) ON CONFLICT DO NOTHING;
  INSERT INTO audit_event (workspace_id, kind, actor_kind, actor_id, actor_name, action_id, digest, footprint_digest, data)
    VALUES (a.workspace_id, 'release.claimed', p_actor_kind, p_actor_id, p_actor_name, a.id, a.digest, a.footprint_digest,
      jsonb_build_object('releaseId', r.id, 'basis', r.basis));
  PERFORM pg_notify('holdpoint', json_build_object('w', a.workspace_id, 'a', a.id, 's', 'executing')::text);
  RETURN QUERY SELECT NULL::text, r.id, r.expires_at;
END $$;

-- Policy per workspace: drafts, what was proposed, published versions, which one is in force.

ALTER TABLE "planned_action" ADD COLUMN "policy" TEXT, ADD COLUMN "excluded_ids" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];
ALTER TABLE "agent" ADD COLUMN "built_in" BOOLEAN NOT NULL DEFAULT false;

CREATE TABLE "policy_version" (
    "workspace_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "base_version" INTEGER NOT NULL,
    "restores" INTEGER,
    "policies" JSONB NOT NULL,
    "cases" JSONB NOT NULL,
    "policy" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "author_names" TEXT[],
    "proposer_id" TEXT NOT NULL,
    "proposer_name" TEXT NOT NULL,
    "approved_by" TEXT[],
    "action_id" TEXT NOT NULL,
    "published_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "policy_version_pkey" PRIMARY KEY ("workspace_id", "version")
);

CREATE TABLE "policy_in_force" (
    "workspace_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "policy" TEXT NOT NULL,
    "since" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "policy_in_force_pkey" PRIMARY KEY ("workspace_id")
);

CREATE TABLE "policy_draft" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "author_id" TEXT NOT NULL,
    "author_name" TEXT NOT NULL,
    "editor_ids" TEXT[],
    "editor_names" TEXT[],
    "base_version" INTEGER NOT NULL,
    "policies" JSONB NOT NULL,
    "cases" JSONB NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(6),

    CONSTRAINT "policy_draft_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "policy_proposal" (
    "action_id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "draft_id" TEXT,
    "restores" INTEGER,
    "base_version" INTEGER NOT NULL,
    "base_policy" TEXT NOT NULL,
    "policies" JSONB NOT NULL,
    "cases" JSONB NOT NULL,
    "content_hash" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "author_names" TEXT[],
    "proposer_id" TEXT NOT NULL,
    "proposer_name" TEXT NOT NULL,
    "backtest_id" TEXT,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "policy_proposal_pkey" PRIMARY KEY ("action_id")
);

CREATE TABLE "backtest" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "draft_id" TEXT,
    "content_hash" TEXT NOT NULL,
    "base_policy" TEXT NOT NULL,
    "before" JSONB NOT NULL,
    "after" JSONB NOT NULL,
    "status" TEXT NOT NULL,
    "started_by" TEXT NOT NULL,
    "total" INTEGER NOT NULL,
    "done" INTEGER NOT NULL DEFAULT 0,
    "cursor" TEXT,
    "totals" JSONB NOT NULL,
    "error" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "lease_holder" TEXT,
    "lease_until" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(6),

    CONSTRAINT "backtest_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "backtest_change" (
    "backtest_id" TEXT NOT NULL,
    "action_id" TEXT NOT NULL,
    "change" TEXT NOT NULL,
    "before" JSONB NOT NULL,
    "after" JSONB NOT NULL,

    CONSTRAINT "backtest_change_pkey" PRIMARY KEY ("backtest_id", "action_id")
);

CREATE INDEX "policy_draft_workspace_id_idx" ON "policy_draft"("workspace_id");
CREATE INDEX "policy_proposal_workspace_id_idx" ON "policy_proposal"("workspace_id");
CREATE INDEX "backtest_workspace_id_idx" ON "backtest"("workspace_id");
CREATE INDEX backtest_unfinished ON backtest (created_at) WHERE status IN ('queued', 'running');
ALTER TABLE backtest ADD CONSTRAINT backtest_status CHECK (status IN ('queued', 'running', 'done', 'cancelled', 'failed'));

CREATE TRIGGER policy_version_append_only BEFORE UPDATE OR DELETE ON policy_version FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER policy_version_no_truncate BEFORE TRUNCATE ON policy_version FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER policy_proposal_append_only BEFORE UPDATE OR DELETE ON policy_proposal FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER policy_proposal_no_truncate BEFORE TRUNCATE ON policy_proposal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Policy is asked again at release, and may have come to deny.
CREATE OR REPLACE FUNCTION status_may_move(before text, after text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT before = after OR (before || '>' || after) IN (
    'submitted>measuring', 'submitted>released', 'submitted>held', 'submitted>denied', 'submitted>cancelled', 'submitted>revoked',
    'measuring>released', 'measuring>held', 'measuring>denied', 'measuring>cancelled', 'measuring>revoked',
    'held>released', 'held>rejected', 'held>sent_back', 'held>expired', 'held>cancelled', 'held>revoked', 'held>denied', 'held>measuring',
    'released>executing', 'released>expired', 'released>cancelled', 'released>revoked', 'released>held', 'released>denied',
    'executing>succeeded', 'executing>failed', 'executing>unknown_outcome', 'executing>held', 'executing>revoked')
$$;

-- Whether this is the version in force. Until one was published it is whatever ships with the process that asks.
-- Publishing takes the workspace's halt lock alone, so under the shared lock the answer holds until the transaction ends.
CREATE FUNCTION policy_is_in_force(p_workspace text, p_policy text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT f.policy = p_policy FROM policy_in_force f WHERE f.workspace_id = p_workspace), p_policy LIKE 'default@%', false)
$$;

-- Whether a person's roles and groups are among those an obligation asks for; as in domain/decide.ts.
CREATE FUNCTION may_review(p_workspace text, p_person text, p_roles text[], p_obligation jsonb) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT (p_obligation -> 'roles' IS NULL OR p_obligation -> 'roles' ?| p_roles)
    AND CASE WHEN coalesce(jsonb_array_length(p_obligation -> 'reviewers'), 0) = 0 THEN true ELSE p_obligation -> 'reviewers' ?| ARRAY(
      WITH RECURSIVE mine AS (
        SELECT group_id FROM group_member WHERE person_id = p_person AND workspace_id = p_workspace
        UNION SELECT m.group_id FROM group_member m JOIN mine ON m.member_group_id = mine.group_id)
      SELECT g.name FROM "group" g JOIN mine ON mine.group_id = g.id WHERE g.workspace_id = p_workspace) END
$$;

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
    PERFORM FROM run r WHERE r.id IN (
      SELECT x ->> 'runId' FROM jsonb_array_elements(batch) x WHERE (x ->> 'addsLabels')::boolean AND x ->> 'status' = 'released')
      ORDER BY r.id FOR UPDATE;
  END IF;
  RETURN QUERY
  WITH item AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(batch) AS x (
      i int, id text, "workspaceId" text, "agentId" text, "agentName" text, "keyId" text, "runId" text, "toolId" text, "toolName" text,
      "toolHash" text, "targetId" text, execution text, args jsonb, reason text, digest text, "idempotencyKey" text, status text,
      "supersedesId" text, footprint jsonb, "footprintDigest" text, "blastRadius" jsonb, sentence text, level text, "imagesTotal" int,
      verdict jsonb, obligation jsonb, needed int, "expirySeconds" int, "settlesAt" timestamptz, "leaseHolder" text, "leaseSeconds" int,
      "releaseId" text, facts jsonb, policy text, events jsonb, notices jsonb, chunks jsonb, "runRevision" int, "exposureRevision" int, "addsLabels" boolean,
      exposure jsonb)
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
    UPDATE run r SET revision = r.revision + 1 FROM judged j JOIN written USING (id)
    WHERE r.id = j."runId" AND j."addsLabels" AND j.status = 'released'
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

DROP FUNCTION claim_release(text, text, text, text, text, text, int, text, text, text, bigint);
-- Takes the one release of an action, or says why not. Two claims at the same instant: the second finds `claimed_at` set.
-- A release by quorum is counted again from the decisions, and only those of people who are entitled now: neither a forged row in
-- `release` nor decisions of an owner, a stranger or somebody since removed release anything.
-- What an agent executes itself is measured again by the caller, with the tool that was judged and with the directory of version p_directory:
-- should somebody have become somebody else since, the caller has to look again.
CREATE FUNCTION claim_release(
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
        AND p.id <> ALL (a.excluded_ids) AND may_review(a.workspace_id, p.id, p.roles, a.obligation))
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

DROP FUNCTION write_commit_evidence(text, text, text, int);
-- The last step before COMMIT goes to a target. It waits for a halt that is being engaged, as claims do: a snapshot older than the halt
-- would otherwise let an execution commit after the halt had returned. `p_policy` is the version that allowed what is there now by rule;
-- null when it is what was released.
CREATE FUNCTION write_commit_evidence(p_action text, p_holder text, p_evidence text, p_lease_seconds int, p_policy text)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(halt_key(a.workspace_id)) FROM planned_action a WHERE a.id = p_action;
  UPDATE planned_action a
    SET commit_evidence = p_evidence, lease_until = clock_timestamp() + make_interval(secs => p_lease_seconds)
    WHERE a.id = p_action AND a.lease_holder = p_holder AND a.status = 'executing'
      AND NOT halt_in_force(a.workspace_id, a.agent_id, a.run_id, a.tool_id, a.target_id)
      AND (p_policy IS NULL OR policy_is_in_force(a.workspace_id, p_policy));
  RETURN FOUND;
END $$;

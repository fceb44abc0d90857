-- What an agent sees of an action that is measured on a target depends on the clock alone, never on how long measuring or running took.
ALTER TABLE "planned_action" ADD COLUMN "settles_at" TIMESTAMPTZ(6),
ADD COLUMN "veiled_until" TIMESTAMPTZ(6),
ADD COLUMN "withdrawn_at" TIMESTAMPTZ(6);

-- Writes a batch of judged submissions, each with its release, audit events, notices and evidence, in one statement.
-- Answers one row per item: `code` null means written; `duplicate` means the idempotency key was used before; anything else is a refusal.
-- What the caller checked in its caches (key, agent, tool definition, run, halts) is checked again here.
CREATE OR REPLACE FUNCTION submit_actions(batch jsonb)
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
      verdict jsonb, obligation jsonb, needed int, "expirySeconds" int, "settlesAt" timestamptz, "leaseHolder" text, "leaseSeconds" int,
      "releaseId" text, facts jsonb, events jsonb, notices jsonb, chunks jsonb)
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
      obligation, needed, held_at, expires_at, settles_at, finished_at, lease_holder, lease_until, owner_id, facts)
    SELECT j.id, j."workspaceId", j."agentId", j."keyId", j."runId", j."toolId", j."toolName", j."toolHash", j."targetId", j.execution, j.args,
      j.reason, j.digest, j."idempotencyKey", j.status, j."supersedesId", j.footprint, j."footprintDigest", j."blastRadius",
      coalesce(j.sentence, ''), coalesce(j.level, 'low'), j."imagesTotal", j.verdict, j.obligation, coalesce(j.needed, 0),
      CASE WHEN j.status = 'held' THEN now() END,
      now() + make_interval(secs => j."expirySeconds"),
      j."settlesAt",
      CASE WHEN j.status = 'denied' THEN now() END,
      j."leaseHolder", now() + make_interval(secs => j."leaseSeconds"), j.owner_id, j.facts
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

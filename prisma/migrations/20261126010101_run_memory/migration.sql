-- What a run has come across, and who has come to know what about whom: both are looked at before every verdict and written with what causes them.

ALTER TABLE run ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE observation ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE planned_action ADD COLUMN result_revision INTEGER;

CREATE TABLE exposure (
  id BIGSERIAL NOT NULL,
  workspace_id TEXT NOT NULL,
  action_id TEXT,
  agent_id TEXT NOT NULL,
  run_id TEXT,
  tool_name TEXT NOT NULL,
  kind TEXT NOT NULL,
  knowers TEXT[],
  classes TEXT[],
  subjects BYTEA,
  count INTEGER,
  revision INTEGER,
  at TIMESTAMPTZ(6),
  CONSTRAINT exposure_pkey PRIMARY KEY (id),
  CONSTRAINT exposure_kind CHECK (kind IN ('read', 'observed', 'sent')),
  CONSTRAINT exposure_effect CHECK ((at IS NULL) = (revision IS NULL)),
  CONSTRAINT exposure_packed CHECK (length(subjects) % 8 = 0)
);
CREATE INDEX exposure_agent_id_revision_idx ON exposure (agent_id, revision);
CREATE INDEX exposure_run_id_idx ON exposure (run_id);
CREATE INDEX exposure_action_id_idx ON exposure (action_id);
CREATE INDEX exposure_knowers_idx ON exposure USING GIN (knowers) WHERE kind = 'sent';

-- How often what somebody knows has grown, and up to where that has been counted.
CREATE TABLE exposure_head (
  workspace_id TEXT NOT NULL,
  knower TEXT NOT NULL,
  revision INTEGER NOT NULL DEFAULT 0,
  counted INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT exposure_head_pkey PRIMARY KEY (workspace_id, knower)
);
CREATE INDEX exposure_head_uncounted ON exposure_head (workspace_id) WHERE counted <> revision;

-- What somebody has come to know stays known: rows only ever take effect, once.
CREATE FUNCTION guard_exposure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.at IS NOT NULL THEN
    RAISE EXCEPTION 'what became known stays in the ledger' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER exposure_guard BEFORE UPDATE OR DELETE ON exposure FOR EACH ROW EXECUTE FUNCTION guard_exposure();
CREATE TRIGGER exposure_no_truncate BEFORE TRUNCATE ON exposure FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Takes the heads of everybody who comes to know something, always in the same order, so that no two wait for each other.
CREATE FUNCTION lock_exposure_heads(p_workspaces text[], p_knowers text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO exposure_head (workspace_id, knower)
    SELECT DISTINCT k.w, k.k FROM unnest(p_workspaces, p_knowers) AS k (w, k) ORDER BY 1, 2 ON CONFLICT DO NOTHING;
  PERFORM FROM exposure_head h JOIN (SELECT DISTINCT k.w, k.k FROM unnest(p_workspaces, p_knowers) AS k (w, k)) AS k
    ON h.workspace_id = k.w AND h.knower = k.k ORDER BY h.workspace_id, h.knower FOR UPDATE OF h;
END $$;

-- Lets what was written down for an action become true: its release is what shows the data. Also tells the run that it has read more.
CREATE FUNCTION exposure_takes_effect(p_workspace text, p_action text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  k text[];
BEGIN
  SELECT array_agg(DISTINCT u.n) INTO k FROM exposure e CROSS JOIN LATERAL unnest(array_append(e.knowers, e.agent_id)) AS u (n)
    WHERE e.workspace_id = p_workspace AND e.action_id = p_action AND e.at IS NULL;
  IF k IS NULL THEN RETURN; END IF;
  PERFORM lock_exposure_heads(array_fill(p_workspace, ARRAY[cardinality(k)]), k);
  UPDATE exposure_head h SET revision = h.revision + 1 WHERE h.workspace_id = p_workspace AND h.knower = ANY (k);
  UPDATE run r SET revision = r.revision + 1 WHERE r.id IN (
    SELECT e.run_id FROM exposure e WHERE e.workspace_id = p_workspace AND e.action_id = p_action AND e.at IS NULL AND e.kind <> 'sent');
  UPDATE exposure e SET at = clock_timestamp(),
      revision = (SELECT h.revision FROM exposure_head h WHERE h.workspace_id = p_workspace AND h.knower = e.agent_id)
    WHERE e.workspace_id = p_workspace AND e.action_id = p_action AND e.at IS NULL;
END $$;

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
      "releaseId" text, facts jsonb, events jsonb, notices jsonb, chunks jsonb, "runRevision" int, "exposureRevision" int, "addsLabels" boolean,
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

-- The least a submission that policy allows can cost: its four rows, written by plain INSERTs in one function, with every value given.
CREATE FUNCTION bench_floor(
  p_id text, p_release text, p_args jsonb, p_workspace text, p_agent text, p_agent_name text, p_key text, p_run text, p_tool text,
  p_tool_name text, p_tool_hash text, p_reason text, p_digest text, p_footprint jsonb, p_footprint_digest text, p_blast_radius jsonb,
  p_sentence text, p_level text, p_images int, p_verdict jsonb, p_facts jsonb, p_policy text,
  p_submitted jsonb, p_allowed jsonb)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO planned_action (id, workspace_id, agent_id, key_id, run_id, tool_id, tool_name, tool_hash, execution, args, reason, digest,
    status, footprint, footprint_digest, blast_radius, sentence, level, images_total, verdict, expires_at, owner_id, facts, policy)
  VALUES (p_id, p_workspace, p_agent, p_key, p_run, p_tool, p_tool_name, p_tool_hash, 'agent', p_args, p_reason, p_digest,
    'released', p_footprint, p_footprint_digest, p_blast_radius, p_sentence, p_level, p_images, p_verdict, now() + interval '15 minutes',
    (SELECT owner_id FROM agent WHERE id = p_agent), p_facts, p_policy);
  INSERT INTO release (id, workspace_id, action_id, digest, footprint_digest, basis, expires_at)
  VALUES (p_release, p_workspace, p_id, p_digest, p_footprint_digest, 'policy', now() + interval '15 minutes');
  INSERT INTO audit_event (workspace_id, kind, actor_kind, actor_id, actor_name, action_id, digest, footprint_digest, data)
  VALUES (p_workspace, 'action.submitted', 'agent', p_agent, p_agent_name, p_id, p_digest, p_footprint_digest, p_submitted),
    (p_workspace, 'action.allowed', 'holdpoint', NULL, 'Holdpoint', p_id, p_digest, p_footprint_digest, p_allowed);
END $$;

-- What those values are, taken from one submission that really went through the product: the floor writes the same rows, byte for byte
-- but for ids, times and arguments.
CREATE FUNCTION bench_floor_values(p_action text) RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT ARRAY[a.workspace_id, a.agent_id, s.actor_name, a.key_id, a.run_id, a.tool_id, a.tool_name, a.tool_hash, a.reason, a.digest,
    a.footprint::text, a.footprint_digest, a.blast_radius::text, a.sentence, a.level, a.images_total::text, a.verdict::text,
    a.facts::text, a.policy, s.data::text, v.data::text]
  FROM planned_action a
  JOIN audit_event s ON s.action_id = a.id AND s.kind = 'action.submitted'
  JOIN audit_event v ON v.action_id = a.id AND v.kind = 'action.allowed'
  WHERE a.id = p_action
$$;

-- Actions as the product would have left them, by the hundred thousand. Ids have the product's form and sort by number, so that "newest
-- first" means here what it means there.
-- `p_from` is the first number; smaller numbers are older.
CREATE FUNCTION bench_fill(p_workspace text, p_agents text[], p_tool text, p_from int, p_rows int, p_held boolean) RETURNS void
LANGUAGE sql AS $$
  INSERT INTO planned_action (id, workspace_id, run_id, agent_id, key_id, tool_id, tool_name, tool_hash, execution, args, reason, digest,
    status, footprint, footprint_digest, blast_radius, sentence, level, images_total, verdict, obligation, needed, created_at, held_at,
    expires_at, decided_at, finished_at, owner_id, policy)
  SELECT 'act_010000' || lpad(n::text, 20, '0'), p_workspace,
    'run_' || (n / 50), p_agents[1 + n % cardinality(p_agents)], 'key_bench', p_tool,
    (ARRAY['refund', 'hr.sql', 'crm.sql', 'send_email', 'handbook.read'])[1 + n % 5], 'hash', 'agent',
    jsonb_build_object('amount', n % 900, 'order', n), 'The customer sent order ' || n || ' back.', 'sha256:' || md5(n::text) || md5(n::text),
    CASE WHEN p_held THEN 'held' ELSE (ARRAY['succeeded', 'succeeded', 'succeeded', 'rejected', 'denied', 'expired', 'failed'])[1 + n % 7] END,
    jsonb_build_object('version', 1, 'items', jsonb_build_array(jsonb_build_object('kind', 'relation', 'target', 'shop', 'resource', 'orders',
      'operation', 'update', 'count', n % 400, 'provenance', 'measured', 'classes', jsonb_build_array('financial'))), 'unknowns', '[]'::jsonb,
      'subjects', n % 300, 'method', 'rehearsed', 'readOnly', false),
    'sha256:' || md5('f' || n) || md5('g' || n),
    jsonb_build_object('level', 'moderate', 'rowsChanged', n % 400, 'people', n % 300, 'classes', jsonb_build_array('financial')),
    'Update ' || (n % 400) || ' rows in orders, financial data of ' || (n % 300) || ' people, order ' || n || '.',
    (ARRAY['low', 'moderate', 'moderate', 'high', 'critical'])[1 + n % 5], 0,
    '{"verdict": "hold", "policy": "default", "rules": [{"id": "changes", "title": "It changes something", "because": "…", "verdict": "hold"}]}',
    CASE WHEN p_held THEN jsonb_build_object('quorum', 1, 'presence', 'session', 'expirySeconds', 86400, 'reviewers',
      CASE WHEN n % 3 = 0 THEN '["reviewers"]'::jsonb ELSE '[]'::jsonb END) END,
    CASE WHEN p_held THEN 1 ELSE 0 END, t.at, CASE WHEN p_held THEN now() ELSE t.at END, CASE WHEN p_held THEN now() + interval '1 day' END,
    CASE WHEN NOT p_held THEN t.at + interval '5 minutes' END, CASE WHEN NOT p_held THEN t.at + interval '6 minutes' END,
    (SELECT owner_id FROM agent WHERE id = p_agents[1]),
    -- No version of policy: nothing is judged again before it is decided.
    'built-in'
  FROM generate_series(p_from, p_from + p_rows - 1) AS n, LATERAL (SELECT now() - make_interval(secs => (2000000 - n))) AS t(at)
$$;

-- The runs that `bench_fill`'s numbers belong to, and agents beside the first, all owned by one person.
CREATE FUNCTION bench_runs(p_workspace text, p_agent text, p_upto int) RETURNS text[] LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO agent (id, workspace_id, name, owner_id)
  SELECT p_agent || '_' || n, a.workspace_id, 'assistant ' || n, a.owner_id
  FROM agent a, generate_series(1, 19) AS n WHERE a.id = p_agent;
  INSERT INTO run (id, workspace_id, agent_id, goal)
  SELECT 'run_' || n, p_workspace, p_agent, 'Work through the returns of day ' || n FROM generate_series(0, p_upto / 50) AS n;
  RETURN ARRAY(SELECT id FROM agent WHERE workspace_id = p_workspace ORDER BY id);
END $$;

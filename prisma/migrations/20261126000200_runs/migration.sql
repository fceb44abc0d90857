-- Runs as people look at them: the newest first, of the workspace or of one agent, and the steps of one in order. The old indexes found a
-- run's actions but not in order, so a run of a hundred thousand would have been sorted to show fifty. Each replaces one: writes cost the same.
CREATE INDEX "run_workspace_id_id_idx" ON "run"("workspace_id", "id");
DROP INDEX "run_workspace_id_started_at_idx";
CREATE INDEX "run_agent_id_id_idx" ON "run"("agent_id", "id");
CREATE INDEX "planned_action_run_id_id_idx" ON "planned_action"("run_id", "id");
DROP INDEX "planned_action_run_id_idx";
CREATE INDEX "observation_run_id_id_idx" ON "observation"("run_id", "id");
DROP INDEX "observation_run_id_idx";

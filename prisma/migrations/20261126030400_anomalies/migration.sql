-- How a workspace wants agents to be watched; a rule without a row is as it ships (domain/anomaly.ts).
CREATE TABLE "anomaly_rule" (
    "workspace_id" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "mode" TEXT NOT NULL,
    "bound" INTEGER NOT NULL,
    "resources" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    "changed_by" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "anomaly_rule_pkey" PRIMARY KEY ("workspace_id","rule")
);

-- Something unusual about an agent: a halt is proposed, or was engaged. One at a time for each agent and rule.
CREATE TABLE "anomaly" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "agent_id" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "found" INTEGER NOT NULL,
    "bound" INTEGER NOT NULL,
    "action_id" TEXT,
    "halt_id" TEXT,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(6),
    "closed_by" TEXT,
    "note" TEXT,

    CONSTRAINT "anomaly_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "anomaly_open" ON "anomaly"("agent_id", "rule") WHERE closed_at IS NULL;
CREATE INDEX "anomaly_workspace_id_id_idx" ON "anomaly"("workspace_id", "id");
ALTER TABLE "anomaly" ADD CONSTRAINT "anomaly_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agent"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

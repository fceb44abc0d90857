-- What agents planned and did, by the hour: counted from the log, so that charts never read actions.
CREATE TABLE "usage_hour" (
    "workspace_id" TEXT NOT NULL,
    "agent_id" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(6) NOT NULL,
    "planned_low" INTEGER NOT NULL DEFAULT 0,
    "planned_moderate" INTEGER NOT NULL DEFAULT 0,
    "planned_high" INTEGER NOT NULL DEFAULT 0,
    "planned_critical" INTEGER NOT NULL DEFAULT 0,
    "held" INTEGER NOT NULL DEFAULT 0,
    "denied" INTEGER NOT NULL DEFAULT 0,
    "ran" INTEGER NOT NULL DEFAULT 0,
    "people" BIGINT NOT NULL DEFAULT 0,
    "rows_changed" BIGINT NOT NULL DEFAULT 0,
    "audience" BIGINT NOT NULL DEFAULT 0,
    "uncounted" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "usage_hour_pkey" PRIMARY KEY ("workspace_id","hour","agent_id")
);

-- The last event of the log that is counted; one row.
CREATE TABLE "usage_head" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "event_id" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "usage_head_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "usage_head_one" CHECK (id = 1)
);
INSERT INTO "usage_head" DEFAULT VALUES;

-- How long the page of the action was looked at before the answer, as the browser says; null where there was no page.
ALTER TABLE "decision" ADD COLUMN "looked_ms" INTEGER;
CREATE INDEX "decision_workspace_id_at_idx" ON "decision"("workspace_id", "at");
CREATE INDEX "reveal_workspace_id_at_idx" ON "reveal"("workspace_id", "at");

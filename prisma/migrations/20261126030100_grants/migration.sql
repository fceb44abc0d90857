-- One person's approval given in advance, for what looks like an action they approved, within bounds and for a time.
CREATE TABLE "standing_grant" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "agent_id" TEXT NOT NULL,
    "tool_id" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "action_id" TEXT NOT NULL,
    "shape" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "max_uses" INTEGER NOT NULL,
    "max_rows" INTEGER NOT NULL,
    "max_people" INTEGER NOT NULL,
    "used_uses" INTEGER NOT NULL DEFAULT 0,
    "used_rows" INTEGER NOT NULL DEFAULT 0,
    "used_people" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "revoked_at" TIMESTAMPTZ(6),
    "revoked_by" TEXT,

    CONSTRAINT "standing_grant_pkey" PRIMARY KEY ("id"),
    -- Used up is used up, in whatever process.
    CONSTRAINT "standing_grant_bounds" CHECK (used_uses <= max_uses AND used_rows <= max_rows AND used_people <= max_people)
);
CREATE INDEX "standing_grant_agent_id_tool_id_idx" ON "standing_grant"("agent_id", "tool_id");
CREATE INDEX "standing_grant_workspace_id_id_idx" ON "standing_grant"("workspace_id", "id");
ALTER TABLE "standing_grant" ADD CONSTRAINT "standing_grant_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agent"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "standing_grant" ADD CONSTRAINT "standing_grant_tool_id_fkey" FOREIGN KEY ("tool_id") REFERENCES "tool"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "standing_grant" ADD CONSTRAINT "standing_grant_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The grant by which a person's approval was given, when they did not give it on the page of the action.
ALTER TABLE "decision" ADD COLUMN "grant_id" TEXT;

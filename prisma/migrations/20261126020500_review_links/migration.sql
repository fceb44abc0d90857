-- Links to one planned action, each sent to one person or into one channel. Only what a code hashes to is kept.
CREATE TABLE "review_link" (
    "code_hash" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "action_id" TEXT NOT NULL,
    "person_id" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "review_link_pkey" PRIMARY KEY ("code_hash")
);
CREATE INDEX "review_link_expires_at_idx" ON "review_link"("expires_at");

-- Queues that somebody looks at often, by name: what the inbox's address says.
CREATE TABLE "saved_view" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "filters" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "saved_view_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "saved_view_person_id_name_key" ON "saved_view"("person_id", "name");
ALTER TABLE "saved_view" ADD CONSTRAINT "saved_view_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Browsers that show notifications to somebody.
CREATE TABLE "push_device" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "endpoint" TEXT NOT NULL,
    "p256dh" TEXT NOT NULL,
    "auth" TEXT NOT NULL,
    "user_agent" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "shown_at" TIMESTAMPTZ(6),

    CONSTRAINT "push_device_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "push_device_endpoint_key" ON "push_device"("endpoint");
CREATE INDEX "push_device_person_id_idx" ON "push_device"("person_id");
ALTER TABLE "push_device" ADD CONSTRAINT "push_device_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- `hourly` or `daily`: what waits is mailed together; null: each at once.
ALTER TABLE "mail_choice" ADD COLUMN "digest" TEXT;
-- One digest at a time is due for each person.
CREATE UNIQUE INDEX "outbox_digest" ON "outbox"("recipient") WHERE topic = 'digest' AND delivered_at IS NULL AND failed_at IS NULL;

-- Low holds that are the same call touching the same, for deciding them together.
CREATE INDEX "planned_action_same" ON "planned_action"("digest") WHERE status = 'held' AND level = 'low';

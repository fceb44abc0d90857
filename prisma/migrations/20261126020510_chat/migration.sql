-- A notice is written once, with the change that causes it, and then becomes one delivery for each recipient: what one of them refuses never
-- holds up another, and nobody is told twice because of somebody else.
ALTER TABLE "outbox" ADD COLUMN "channel" TEXT, ADD COLUMN "recipient" TEXT;
-- In order: what is told a recipient about an action waits for what came before.
CREATE INDEX outbox_in_order ON outbox (action_id, channel, recipient, id)
  WHERE channel IS NOT NULL AND delivered_at IS NULL AND failed_at IS NULL;

-- Where an action was told in a chat, so that the message can say what became of it.
CREATE TABLE "chat_message" (
    "action_id" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "place" TEXT NOT NULL,
    "posted_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "chat_message_pkey" PRIMARY KEY ("action_id", "channel")
);

-- Signatures of requests from a chat that were acted upon; none is acted upon twice.
CREATE TABLE "chat_request" (
    "signature_hash" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "chat_request_pkey" PRIMARY KEY ("signature_hash")
);
CREATE INDEX "chat_request_at_idx" ON "chat_request"("at");

-- Targets that are no databases: what is particular to a service or a tree stands in one place.
ALTER TABLE "target" ADD COLUMN "settings" JSONB NOT NULL DEFAULT '{}';
-- A tool may call exactly one operation of its service.
ALTER TABLE "tool" ADD COLUMN "operation_id" TEXT;

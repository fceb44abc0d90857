-- A tool's definition is pinned when a person writes or confirms it. Both columns are null for tools from before: as they were, they are confirmed.
ALTER TABLE "tool" ADD COLUMN "annotations" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN "confirmed_hash" TEXT,
ADD COLUMN "pin_hash" TEXT;

-- CreateTable
CREATE TABLE "tool_definition" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "tool_id" TEXT NOT NULL,
    "pin_hash" TEXT NOT NULL,
    "definition" JSONB NOT NULL,
    "written_by" TEXT NOT NULL,
    "written_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "confirmed_by" TEXT,
    "confirmed_at" TIMESTAMPTZ(6),
    "confirm_reason" TEXT,

    CONSTRAINT "tool_definition_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "tool_definition_tool_id_id_idx" ON "tool_definition"("tool_id", "id");

-- AddForeignKey
ALTER TABLE "tool_definition" ADD CONSTRAINT "tool_definition_tool_id_fkey" FOREIGN KEY ("tool_id") REFERENCES "tool"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What a definition said never changes; it is confirmed once.
CREATE FUNCTION guard_tool_definition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.confirmed_at IS NOT NULL
     OR (NEW.id, NEW.workspace_id, NEW.tool_id, NEW.pin_hash, NEW.definition, NEW.written_by, NEW.written_at)
     IS DISTINCT FROM (OLD.id, OLD.workspace_id, OLD.tool_id, OLD.pin_hash, OLD.definition, OLD.written_by, OLD.written_at) THEN
    RAISE EXCEPTION 'tool definition % is kept as it was', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER tool_definition_guard BEFORE UPDATE OR DELETE ON tool_definition FOR EACH ROW EXECUTE FUNCTION guard_tool_definition();

-- What was held for a definition nobody had confirmed is measured again once somebody has.
CREATE OR REPLACE FUNCTION status_may_move(before text, after text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT before = after OR (before || '>' || after) IN (
    'submitted>measuring', 'submitted>released', 'submitted>held', 'submitted>denied', 'submitted>cancelled', 'submitted>revoked',
    'measuring>released', 'measuring>held', 'measuring>denied', 'measuring>cancelled', 'measuring>revoked',
    'held>released', 'held>rejected', 'held>sent_back', 'held>expired', 'held>cancelled', 'held>revoked', 'held>denied', 'held>measuring',
    'released>executing', 'released>expired', 'released>cancelled', 'released>revoked', 'released>held',
    'executing>succeeded', 'executing>failed', 'executing>unknown_outcome', 'executing>held', 'executing>revoked')
$$;

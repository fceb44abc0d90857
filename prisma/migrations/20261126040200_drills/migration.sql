-- Rehearsed mistakes and attacks: planned actions that look like any other to whoever reviews them, and that nothing can ever run.
CREATE TABLE "drill" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "action_id" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "person_name" TEXT NOT NULL,
    "lesson" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "drill_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "drill_action_id_key" ON "drill"("action_id");
CREATE INDEX "drill_workspace_id_id_idx" ON "drill"("workspace_id", "id");

-- Whatever forgets to ask: no release of a drill commits. One look for all the releases of a statement.
CREATE FUNCTION refuse_release_of_drill() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM fresh f JOIN drill d ON d.action_id = f.action_id) THEN
    RAISE EXCEPTION 'a drill is never released';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER release_is_no_drill AFTER INSERT ON "release" REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_release_of_drill();

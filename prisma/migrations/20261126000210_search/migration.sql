-- Words to find planned actions by: sentence, tool, agent, target. A table of its own, written once when an action is planned and again when
-- its sentence changes: as a column of planned_action every change of status would have written all words into the index anew.
-- Full text search with the configuration `simple` is part of every PostgreSQL; trigrams would need an extension that not everybody may create.
CREATE TABLE "action_search" (
    "action_id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "words" tsvector NOT NULL,

    CONSTRAINT "action_search_pkey" PRIMARY KEY ("action_id")
);

-- What is not letter or digit parts words, or `company.sql` would be one word and `sql` not find it.
CREATE FUNCTION action_words(VARIADIC texts text[]) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT to_tsvector('pg_catalog.simple', translate(array_to_string(texts, ' '), '._-/:@,;''"()[]{}<>=+*%#&|!?\', repeat(' ', 28)))
$$;

INSERT INTO action_search (action_id, workspace_id, words)
SELECT a.id, a.workspace_id, action_words(a.sentence, a.tool_name, g.name, t.name)
FROM planned_action a LEFT JOIN agent g ON g.id = a.agent_id LEFT JOIN target t ON t.id = a.target_id;

-- A small list of what is not yet in its place: every search reads it from end to end.
CREATE INDEX "action_search_words_idx" ON "action_search" USING GIN ("words") WITH (gin_pending_list_limit = 512);

CREATE FUNCTION index_new_actions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO action_search (action_id, workspace_id, words)
  SELECT a.id, a.workspace_id, action_words(a.sentence, a.tool_name, g.name, t.name)
  FROM fresh a LEFT JOIN agent g ON g.id = a.agent_id LEFT JOIN target t ON t.id = a.target_id;
  RETURN NULL;
END $$;
-- Once for a whole batch of submissions.
CREATE TRIGGER planned_action_search AFTER INSERT ON planned_action
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION index_new_actions();

CREATE FUNCTION index_new_sentence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE action_search s SET words = action_words(NEW.sentence, NEW.tool_name, g.name, t.name)
  FROM agent g LEFT JOIN target t ON t.id = NEW.target_id
  WHERE s.action_id = NEW.id AND g.id = NEW.agent_id;
  RETURN NULL;
END $$;
CREATE TRIGGER planned_action_search_again AFTER UPDATE OF sentence ON planned_action
  FOR EACH ROW WHEN (OLD.sentence IS DISTINCT FROM NEW.sentence) EXECUTE FUNCTION index_new_sentence();

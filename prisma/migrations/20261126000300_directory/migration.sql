-- Who is who: what recipients are resolved with, where each entry came from, and when it was last brought up to date.

ALTER TABLE workspace ADD COLUMN domains text[] NOT NULL DEFAULT '{}';

ALTER TABLE person
  ADD COLUMN kind text NOT NULL DEFAULT 'member',
  ADD COLUMN aliases text[] NOT NULL DEFAULT '{}',
  ADD COLUMN forwards_to text[] NOT NULL DEFAULT '{}',
  ADD COLUMN manager_id text,
  ADD COLUMN source text NOT NULL DEFAULT 'hand',
  ADD COLUMN external_id text,
  ADD COLUMN user_name text,
  ADD COLUMN profile jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN updated_at timestamptz(6) NOT NULL DEFAULT now();

ALTER TABLE "group"
  ADD COLUMN kind text NOT NULL DEFAULT 'group',
  ADD COLUMN aliases text[] NOT NULL DEFAULT '{}',
  ADD COLUMN open boolean NOT NULL DEFAULT false,
  ADD COLUMN complete boolean NOT NULL DEFAULT true,
  ADD COLUMN source text NOT NULL DEFAULT 'hand',
  ADD COLUMN external_id text,
  ADD COLUMN created_at timestamptz(6) NOT NULL DEFAULT now(),
  ADD COLUMN updated_at timestamptz(6) NOT NULL DEFAULT now();

ALTER TABLE group_member ADD COLUMN address text;
ALTER TABLE group_member DROP CONSTRAINT group_member_one;

-- CreateTable
CREATE TABLE directory_sync (
  workspace_id text NOT NULL,
  source text NOT NULL,
  at timestamptz(6) NOT NULL,
  by text NOT NULL,

  CONSTRAINT directory_sync_pkey PRIMARY KEY (workspace_id, source)
);

-- CreateTable
CREATE TABLE directory_version (
  workspace_id text NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),

  CONSTRAINT directory_version_pkey PRIMARY KEY (workspace_id)
);

-- CreateTable
CREATE TABLE scim_token (
  id text NOT NULL,
  workspace_id text NOT NULL,
  label text NOT NULL,
  secret_hash bytea NOT NULL,
  prefix text NOT NULL,
  created_by_id text NOT NULL,
  created_at timestamptz(6) NOT NULL DEFAULT now(),
  expires_at timestamptz(6) NOT NULL,
  revoked_at timestamptz(6),
  last_used_at timestamptz(6),

  CONSTRAINT scim_token_pkey PRIMARY KEY (id)
);

-- CreateIndex
CREATE INDEX scim_token_workspace_id_idx ON scim_token (workspace_id);
CREATE INDEX person_manager_id_idx ON person (manager_id);
CREATE UNIQUE INDEX person_workspace_id_user_name_key ON person (workspace_id, user_name);
CREATE UNIQUE INDEX group_member_group_id_address_key ON group_member (group_id, address);
CREATE INDEX group_member_person_id_idx ON group_member (person_id);
CREATE INDEX group_member_member_group_id_idx ON group_member (member_group_id);

-- AddForeignKey
ALTER TABLE person ADD CONSTRAINT person_manager_id_fkey FOREIGN KEY (manager_id) REFERENCES person (id) ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE scim_token ADD CONSTRAINT scim_token_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace (id) ON DELETE CASCADE ON UPDATE CASCADE;

-- What the database itself guarantees
ALTER TABLE person
  ADD CONSTRAINT person_kind CHECK (kind IN ('member', 'guest')),
  ADD CONSTRAINT person_source CHECK (source IN ('hand', 'scim', 'file')),
  ADD CONSTRAINT person_own_manager CHECK (manager_id IS DISTINCT FROM id);
ALTER TABLE "group"
  ADD CONSTRAINT group_kind CHECK (kind IN ('group', 'channel')),
  ADD CONSTRAINT group_source CHECK (source IN ('hand', 'scim', 'file'));
ALTER TABLE group_member
  ADD CONSTRAINT group_member_one CHECK (num_nonnulls(person_id, member_group_id, address) = 1),
  ADD CONSTRAINT group_member_not_itself CHECK (member_group_id IS DISTINCT FROM group_id);
ALTER TABLE directory_sync ADD CONSTRAINT directory_sync_source CHECK (source IN ('scim', 'file'));

-- Which directory an audience was resolved with ------------------------------------------------------------------

-- A claim holds this lock shared, whoever changes who is who takes it alone: what a claim compared is what is there when it commits.
CREATE FUNCTION directory_key(workspace text) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT hashtextextended('holdpoint.directory:' || workspace, 0)
$$;

-- Counts up once for each transaction that changes who is who, whichever way it is changed.
CREATE FUNCTION touch_directory(p_workspace text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(directory_key(p_workspace));
  INSERT INTO directory_version AS v (workspace_id) VALUES (p_workspace)
    ON CONFLICT (workspace_id) DO UPDATE SET version = v.version + 1, xid = pg_current_xact_id() WHERE v.xid <> pg_current_xact_id();
END $$;

CREATE FUNCTION directory_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN PERFORM touch_directory(OLD.workspace_id); END IF;
  IF TG_OP <> 'DELETE' AND (TG_OP = 'INSERT' OR NEW.workspace_id <> OLD.workspace_id) THEN PERFORM touch_directory(NEW.workspace_id); END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION directory_domains_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM touch_directory(NEW.id);
  RETURN NULL;
END $$;

CREATE TRIGGER person_in_directory AFTER INSERT OR DELETE ON person FOR EACH ROW EXECUTE FUNCTION directory_changed();
CREATE TRIGGER person_changed_in_directory AFTER UPDATE ON person FOR EACH ROW
  WHEN ((OLD.email, OLD.name, OLD.kind, OLD.aliases, OLD.forwards_to, OLD.manager_id, OLD.clearances, OLD.user_name, OLD.disabled_at IS NULL)
    IS DISTINCT FROM (NEW.email, NEW.name, NEW.kind, NEW.aliases, NEW.forwards_to, NEW.manager_id, NEW.clearances, NEW.user_name, NEW.disabled_at IS NULL))
  EXECUTE FUNCTION directory_changed();
CREATE TRIGGER group_in_directory AFTER INSERT OR DELETE ON "group" FOR EACH ROW EXECUTE FUNCTION directory_changed();
CREATE TRIGGER group_changed_in_directory AFTER UPDATE ON "group" FOR EACH ROW
  WHEN ((OLD.name, OLD.kind, OLD.aliases, OLD.open, OLD.complete) IS DISTINCT FROM (NEW.name, NEW.kind, NEW.aliases, NEW.open, NEW.complete))
  EXECUTE FUNCTION directory_changed();
CREATE TRIGGER member_in_directory AFTER INSERT OR UPDATE OR DELETE ON group_member FOR EACH ROW EXECUTE FUNCTION directory_changed();
CREATE TRIGGER agent_in_directory AFTER INSERT OR DELETE ON agent FOR EACH ROW EXECUTE FUNCTION directory_changed();
CREATE TRIGGER agent_changed_in_directory AFTER UPDATE ON agent FOR EACH ROW
  WHEN ((OLD.name, OLD.clearances) IS DISTINCT FROM (NEW.name, NEW.clearances)) EXECUTE FUNCTION directory_changed();
CREATE TRIGGER domains_in_directory AFTER UPDATE OF domains ON workspace FOR EACH ROW
  WHEN (OLD.domains IS DISTINCT FROM NEW.domains) EXECUTE FUNCTION directory_domains_changed();

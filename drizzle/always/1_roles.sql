-- The three roles (DESIGN 17). Roles belong to the server, not to a database, so this must stand running again: on another server after a restore,
-- beside another starter, or by an owner that may not create roles when a DBA has made them.
-- owner: whoever runs this (migrations only) · zhixiang_app: the program · zhixiang_auditor: reads.
DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['zhixiang_app', 'zhixiang_auditor'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL; -- another database of this server was quicker
      END;
    END IF;
  END LOOP;
  -- SET ROLE needs membership; a creator without superuser has it only after granting it to himself (PostgreSQL 16).
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AND NOT EXISTS (
    SELECT FROM pg_auth_members m
    WHERE m.roleid = 'zhixiang_app'::regrole AND m.member = current_user::regrole AND coalesce((to_jsonb(m) ->> 'set_option')::boolean, true)
  ) THEN
    EXECUTE format('GRANT zhixiang_app TO %I', current_user);
  END IF;
END $$;

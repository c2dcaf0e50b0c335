-- The program cannot delete what is sealed. Past its term a snapshot goes as a whole, by this function alone, which refuses what the database can see to be
-- wrong: one that nobody wrote down as removed, the newest, one a run is under way on, one whose rows lie under another's. A segment goes when nobody names it;
-- a seal that names it at the same moment is held by its foreign key.
CREATE OR REPLACE FUNCTION remove_snapshot(gone text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  named text[];
BEGIN
  IF NOT EXISTS (SELECT FROM snapshot_removal r WHERE r.snapshot_id = gone)
    OR gone = (SELECT s.id FROM snapshot s ORDER BY s.sequence DESC LIMIT 1)
    OR EXISTS (SELECT FROM run r WHERE r.snapshot_id = gone AND r.ended_at IS NULL)
    OR EXISTS (SELECT FROM snapshot c WHERE c.parent_id = gone AND NOT EXISTS (SELECT FROM snapshot_removal r WHERE r.snapshot_id = c.id))
  THEN
    RAISE EXCEPTION 'the snapshot is in use' USING ERRCODE = 'check_violation';
  END IF;
  WITH taken AS (DELETE FROM snapshot_segment w WHERE w.snapshot_id = gone RETURNING w.hash) SELECT array_agg(DISTINCT hash) INTO named FROM taken;
  DELETE FROM segment g WHERE g.hash = ANY (named) AND NOT EXISTS (SELECT FROM snapshot_segment o WHERE o.hash = g.hash);
END $$;

REVOKE ALL ON FUNCTION remove_snapshot(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION remove_snapshot(text) TO zhixiang_app;

-- Whoever seals the same data for the same day again has them back: the snapshot counts as there once more, and goes past its term like any other. It is for
-- a seal alone, which writes what was removed in the same transaction; of what is there it changes nothing.
CREATE OR REPLACE FUNCTION revive_snapshot(back text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM snapshot_removal r WHERE r.snapshot_id = back
    AND NOT EXISTS (SELECT FROM snapshot_segment w WHERE w.snapshot_id = back);
  RETURN FOUND;
END $$;

REVOKE ALL ON FUNCTION revive_snapshot(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION revive_snapshot(text) TO zhixiang_app;

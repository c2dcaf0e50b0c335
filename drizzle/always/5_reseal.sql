-- What rests sealed changes its key and nothing else. Only the owner may call `reseal`: for the program, payment lines, evidence, snapshots and closing
-- tables are written once. The database cannot open an envelope (src/vault/vault.ts), so it holds to what it can see: the value it is handed as standing
-- there does stand there, both are envelopes, of different keys, around plaintexts of one length, in one row by its primary key. That both say the same is
-- held by the caller, who opens what it sealed again, and by what hashes the plaintext: lines, segments, closing tables, replay.

-- The id of the key that sealed this, from its first 16 bytes or more; null: not an envelope.
CREATE OR REPLACE FUNCTION envelope_key(sealed bytea) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN octet_length(sealed) >= 8 AND get_byte(sealed, 0) IN (1, 2) AND get_byte(sealed, 1) BETWEEN 2 AND 7
      AND encode(substr(sealed, 3, get_byte(sealed, 1)), 'escape') ~ '^k[0-9]+$'
    THEN encode(substr(sealed, 3, get_byte(sealed, 1)), 'escape') END
$$;

-- The first bytes of an envelope kept as base64; null: not base64.
CREATE OR REPLACE FUNCTION envelope_head(sealed text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN left(sealed, 24) ~ '^[A-Za-z0-9+/]{24}$' THEN decode(left(sealed, 24), 'base64') END
$$;

-- Bytes of what is inside: the envelope without algorithm, key id, check, nonce and tag.
CREATE OR REPLACE FUNCTION envelope_content(sealed bytea) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT octet_length(sealed) - 6 - get_byte(sealed, 1) - CASE get_byte(sealed, 0) WHEN 1 THEN 12 + 16 ELSE 16 + 32 END
$$;

-- `given` is [{k: [primary key as text, in its order], before, after}], envelopes in base64. `path` null: the column is bytea or text; else where inside jsonb
-- the envelope stands. Rows that somebody works on right now, or has changed, are left out and met again by the next pass: nobody is waited for. How many.
CREATE OR REPLACE FUNCTION reseal(target regclass, sealed_column text, path text[], given jsonb) RETURNS integer
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  column_type text;
  same_row text;
  stands text;
  replaced text;
  done integer;
BEGIN
  IF EXISTS (
    SELECT FROM jsonb_array_elements(given) AS g, LATERAL (SELECT decode(g ->> 'before', 'base64') AS before, decode(g ->> 'after', 'base64') AS after) AS e
    WHERE envelope_key(e.before) IS NULL OR envelope_key(e.after) IS NULL OR envelope_key(e.before) = envelope_key(e.after)
      OR envelope_content(e.before) <> envelope_content(e.after)
  ) THEN
    RAISE EXCEPTION 'not one content under two keys' USING ERRCODE = 'check_violation';
  END IF;
  SELECT format_type(a.atttypid, a.atttypmod) INTO STRICT column_type FROM pg_attribute a WHERE a.attrelid = target AND a.attname = sealed_column;
  SELECT string_agg(format('t.%I = (x.k ->> %s)::%s', a.attname, k.place - 1, format_type(a.atttypid, a.atttypmod)), ' AND ') INTO same_row
  FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k(number, place), pg_attribute a
  WHERE i.indrelid = target AND i.indisprimary AND a.attrelid = target AND a.attnum = k.number;
  stands := CASE
    WHEN path IS NOT NULL THEN format('t.%I #>> %L = x.before', sealed_column, path)
    WHEN column_type = 'bytea' THEN format('t.%I = decode(x.before, ''base64'')', sealed_column)
    ELSE format('t.%I = x.before', sealed_column) END;
  replaced := CASE
    WHEN path = '{}' THEN 'to_jsonb(x.after)'
    WHEN path IS NOT NULL THEN format('jsonb_set(t.%I, %L, to_jsonb(x.after), false)', sealed_column, path)
    WHEN column_type = 'bytea' THEN 'decode(x.after, ''base64'')'
    ELSE 'x.after' END;
  EXECUTE format(
    'WITH x AS MATERIALIZED (SELECT g -> ''k'' AS k, g ->> ''before'' AS before, g ->> ''after'' AS after FROM jsonb_array_elements($1) AS g),
       free AS MATERIALIZED (SELECT t.ctid AS at FROM %1$s AS t JOIN x ON %2$s WHERE %3$s FOR UPDATE OF t SKIP LOCKED)
     UPDATE %1$s AS t SET %4$I = %5$s FROM x WHERE %2$s AND %3$s AND t.ctid = ANY (ARRAY(SELECT at FROM free))',
    target, same_row, stands, sealed_column, replaced) USING given;
  GET DIAGNOSTICS done = ROW_COUNT;
  RETURN done;
END $$;

REVOKE ALL ON FUNCTION reseal(regclass, text, text[], jsonb) FROM PUBLIC;

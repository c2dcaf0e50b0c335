-- The invariants of the README that SQL can check, as one function: every row it returns is a broken promise. `invariant` is the README's number,
-- `example` names one offending row by key, never by person. Tests, `npm run -s zhixiang -- check` and operators call it; it only reads.
CREATE OR REPLACE FUNCTION assert_invariants() RETURNS TABLE (invariant integer, message text, example text)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  -- 1: one live claim per object × group × period (the primary key holds it; this proves that a taken claim belongs to a line that exists)
  SELECT 1, 'a claim is held by a line that does not exist', min(c.object_kind || '/' || c.claim_group || '/' || c.period_key)
  FROM claim c WHERE c.line_id IS NOT NULL AND NOT EXISTS (SELECT FROM settlement_line l WHERE l.id = c.line_id)
  HAVING count(*) > 0
UNION ALL
  -- 3: undetermined never becomes money
  SELECT 3, 'a settled line grants money on a match that is not eligible', min(l.id::text)
  FROM settlement_line l JOIN match m ON m.subject_id = l.subject_id AND m.id = l.match_id
  WHERE l.granted_fen > 0 AND m.verdict <> 'eligible'
  HAVING count(*) > 0
UNION ALL
  SELECT 3, 'a disbursement rests on a match that is not eligible', min(d.id::text)
  FROM disbursement d JOIN match m ON m.subject_id = d.subject_id AND m.id = d.match_id
  WHERE d.amount_fen > 0 AND m.verdict <> 'eligible'
  HAVING count(*) > 0
UNION ALL
  -- 4: double entry
  SELECT 4, 'the postings of a transaction do not sum to zero', min(unbalanced.transaction::text)
  FROM (SELECT transaction FROM posting GROUP BY transaction HAVING sum(amount_fen) <> 0) unbalanced
  HAVING count(*) > 0
UNION ALL
  -- 4: a limited budget never goes below nothing
  SELECT 4, 'a limited budget has reserved or paid more than it has', min(overdrawn.id)
  FROM (
    SELECT b.id FROM budget b JOIN posting p ON p.account = 'budget:' || b.id || ':available'
    WHERE b.kind = 'limited' GROUP BY b.id HAVING sum(p.amount_fen) < 0
  ) overdrawn
  HAVING count(*) > 0
UNION ALL
  -- 4: balances equal the sum of postings
  SELECT 4, 'a balance is not the sum of its postings', min(wrong.account)
  FROM (
    SELECT coalesce(p.account, b.account) AS account
    FROM (SELECT account, sum(amount_fen) AS amount FROM posting GROUP BY account) p FULL JOIN balance b ON b.account = p.account
    WHERE coalesce(p.amount, 0) <> coalesce(b.amount_fen, 0)
  ) wrong
  HAVING count(*) > 0
UNION ALL
  -- 4: what is booked for a line is what it grants, less what came back of it; a line that grants nothing any more holds nothing
  SELECT 4, 'the postings of a settled line are not what it grants', min(wrong.id::text)
  FROM (
    SELECT l.id FROM settlement_line l LEFT JOIN (
      SELECT line_id, sum(amount_fen) AS amount, -sum(amount_fen) FILTER (WHERE kind = 'recover') AS recovered FROM posting
      WHERE line_id IS NOT NULL AND (account LIKE '%:reserved' OR account LIKE '%:committed' OR account LIKE '%:paid') GROUP BY line_id
    ) p ON p.line_id = l.id
    WHERE coalesce(p.amount, 0) <> CASE WHEN l.state IN ('granted', 'reduced', 'parked') THEN l.granted_fen - coalesce(p.recovered, 0) ELSE 0 END
  ) wrong
  HAVING count(*) > 0
UNION ALL
  -- 1: a claim is held only by a line that is granted, waits its turn, or waits for data that are late
  SELECT 1, 'a claim is held by a line that is neither granted nor waiting', min(l.id::text)
  FROM claim c JOIN settlement_line l ON l.id = c.line_id WHERE l.state NOT IN ('granted', 'reduced', 'parked', 'waiting')
  HAVING count(*) > 0
UNION ALL
  -- 6: disbursements pay what their line grants, shared or not
  SELECT 6, 'the disbursements of a settled line are not worth what it grants', min(x.id::text)
  FROM (
    SELECT l.id FROM disbursement d JOIN settlement_line l ON l.subject_id = d.subject_id AND l.id = d.line_id
    GROUP BY l.subject_id, l.id, l.granted_fen HAVING sum(d.amount_fen) <> l.granted_fen
  ) x
  HAVING count(*) > 0
UNION ALL
  -- 4: a batch is the sum of its lines
  SELECT 4, 'the lines of a batch do not add up to its total', min(x.id::text)
  FROM (
    SELECT b.id FROM batch b LEFT JOIN payment_line l ON l.batch_id = b.id
    GROUP BY b.id HAVING coalesce(sum(l.amount_fen), 0) <> b.total_fen OR count(l.id) <> b.lines
  ) x
  HAVING count(*) > 0
UNION ALL
  -- 4: a line is paid from its sources to the last 分
  SELECT 4, 'the sources of a payment line do not add up to it', min(x.id::text)
  FROM (
    SELECT l.id FROM payment_line l LEFT JOIN line_funding f ON f.batch_id = l.batch_id AND f.line_id = l.id
    GROUP BY l.batch_id, l.id, l.amount_fen HAVING coalesce(sum(f.amount_fen), 0) <> l.amount_fen
  ) x
  HAVING count(*) > 0
UNION ALL
  -- 4: what is taken from a source is what its live lines take, and never more than it has
  SELECT 4, 'a funding source is not booked as its live lines are', min(x.id::text)
  FROM (
    SELECT s.id FROM funding_source s
    LEFT JOIN (
      SELECT f.source_id, sum(f.amount_fen) AS taken FROM line_funding f
      WHERE NOT EXISTS (SELECT FROM line_event e WHERE e.line_id = f.line_id AND e.kind IN ('withheld', 'cancelled', 'returned'))
      GROUP BY 1
    ) t ON t.source_id = s.id
    -- What recoveries gave back, less what was kept back from later payments and paid by their sources.
    LEFT JOIN (
      SELECT source_id, sum(CASE way WHEN 'back' THEN amount_fen ELSE -amount_fen END) AS back FROM recovery_funding GROUP BY 1
    ) r ON r.source_id = s.id
    LEFT JOIN balance o ON o.account = 'fund:' || s.id || ':open'
    WHERE coalesce(o.amount_fen, 0) <> s.amount_fen - coalesce(t.taken, 0) + coalesce(r.back, 0)
      OR coalesce(t.taken, 0) - coalesce(r.back, 0) > s.amount_fen
  ) x
  HAVING count(*) > 0
UNION ALL
  -- 5: no file without a maker, a checker and an issuer over this content and these bytes (different people by the key of the table)
  SELECT 5, 'a released batch lacks a maker, a checker or its issuer', min(b.id::text)
  FROM batch b
  WHERE b.state IN ('released', 'closed') AND NOT (
    EXISTS (SELECT FROM batch_signature s WHERE s.batch_id = b.id AND s.role = 'maker')
    AND EXISTS (SELECT FROM batch_signature s WHERE s.batch_id = b.id AND s.role = 'checker')
    AND EXISTS (SELECT FROM batch_signature s WHERE s.batch_id = b.id AND s.role = 'issuer' AND s.file_sha256 = b.file_sha256))
  HAVING count(*) > 0
UNION ALL
  -- 5: as many checkers as its amount asks for, and of the offices it asks for
  SELECT 5, 'a batch was approved by fewer checkers, or without an office, than its amount needs', min(b.id::text)
  FROM batch b
  WHERE b.state IN ('approved', 'released', 'closed') AND (
    (SELECT count(*) FROM batch_signature s WHERE s.batch_id = b.id AND s.role = 'checker') < b.checkers_needed
    OR EXISTS (SELECT FROM unnest(b.offices_needed) o(office)
      WHERE NOT EXISTS (SELECT FROM batch_signature s WHERE s.batch_id = b.id AND s.role = 'checker' AND s.office = o.office)))
  HAVING count(*) > 0
UNION ALL
  -- 5: what was checked and sent is what the trail says was sealed
  SELECT 5, 'the content of a batch is not what the audit trail says was sealed', min(b.id::text)
  FROM batch b
  WHERE NOT EXISTS (
    SELECT FROM audit_entry a WHERE a.object_kind = 'batch' AND a.object_id = b.id::text AND a.action = 'batch.seal'
      AND a.detail -> 'after' ->> 'hash' = b.hash AND a.detail -> 'after' ->> 'totalFen' = b.total_fen::text)
  HAVING count(*) > 0
UNION ALL
  -- 6 and 7: one live line per disbursement; whatever the bank has not ended is live
  SELECT 6, 'a disbursement has two live payment lines', min(x.id::text)
  FROM (
    SELECT l.disbursement_id AS id FROM payment_line l
    WHERE NOT EXISTS (SELECT FROM line_event e WHERE e.line_id = l.id AND e.kind IN ('withheld', 'cancelled', 'returned'))
    GROUP BY 1 HAVING count(*) > 1
  ) x
  HAVING count(*) > 0
UNION ALL
  SELECT 6, 'a live payment line is not noted as live, or the other way round', min(x.id::text)
  FROM (
    SELECT coalesce(l.id, p.line_id) AS id FROM (
      SELECT l.id FROM payment_line l
      WHERE NOT EXISTS (SELECT FROM line_event e WHERE e.line_id = l.id AND e.kind IN ('withheld', 'cancelled', 'returned'))
    ) l FULL JOIN live_payment p ON p.line_id = l.id
    WHERE l.id IS NULL OR p.line_id IS NULL
  ) x
  HAVING count(*) > 0
UNION ALL
  -- 4: a recovery is settled by its entries, and what the open ones still owe is what the ledger says is owed
  SELECT 4, 'a recovery is not settled by what came back of it', min(c.id::text)
  FROM recovery c LEFT JOIN (SELECT recovery_id, sum(amount_fen) AS amount FROM recovery_entry GROUP BY 1) e ON e.recovery_id = c.id
  WHERE c.settled_fen <> coalesce(e.amount, 0)
  HAVING count(*) > 0
UNION ALL
  -- 4: what is kept back of a record is booked for its line, and never the whole of it
  SELECT 4, 'what was kept back of a payment is not booked for it, or all of it was', min(x.id::text)
  FROM (
    SELECT d.id FROM disbursement d
    JOIN (SELECT reference, sum(amount_fen) AS kept FROM recovery_entry WHERE kind = 'offset' GROUP BY 1) e ON e.reference = d.id::text
    LEFT JOIN (
      SELECT split_part(transaction, ':', 3) AS record, sum(amount_fen) AS booked FROM posting WHERE kind = 'offset' AND account LIKE 'budget:%:paid' GROUP BY 1
    ) p ON p.record = e.reference
    WHERE e.kept <> coalesce(p.booked, 0) OR e.kept >= d.amount_fen
      OR EXISTS (SELECT FROM payment_line l WHERE l.disbursement_id = d.id AND l.amount_fen > d.amount_fen - e.kept
        AND NOT EXISTS (SELECT FROM line_event v WHERE v.line_id = l.id AND v.kind IN ('withheld', 'cancelled', 'returned')))
  ) x
  HAVING count(*) > 0
UNION ALL
  SELECT 4, 'what recoveries still owe is not what the ledger says', min(coalesce(c.account, b.account))
  FROM (
    SELECT 'recovery:' || item_id || ':' || year || ':owed' AS account, sum(amount_fen - settled_fen) AS amount FROM recovery WHERE state = 'open' GROUP BY 1
  ) c FULL JOIN (SELECT account, sum(amount_fen) AS amount FROM posting WHERE account LIKE 'recovery:%:owed' GROUP BY 1) b ON b.account = c.account
  WHERE coalesce(c.amount, 0) <> coalesce(b.amount, 0)
  HAVING count(*) > 0
UNION ALL
  SELECT 8, 'a recovery has no audit row', min(c.id::text)
  FROM recovery c WHERE NOT EXISTS (SELECT FROM audit_entry a WHERE a.object_kind = 'recovery' AND a.object_id = c.id::text)
  HAVING count(*) > 0
UNION ALL
  SELECT 8, 'a stop or an heir has no audit row', min(x.id::text)
  FROM (SELECT id, 'stop_order' AS kind FROM stop_order UNION ALL SELECT id, 'heir' FROM heir) x
  WHERE NOT EXISTS (SELECT FROM audit_entry a WHERE a.object_kind = x.kind AND a.object_id = x.id::text)
  HAVING count(*) > 0
UNION ALL
  SELECT 8, 'an objection has no audit row', min(o.id::text)
  FROM objection o WHERE NOT EXISTS (SELECT FROM audit_entry a WHERE a.object_kind = 'objection' AND a.object_id = o.id::text)
  HAVING count(*) > 0
UNION ALL
  -- 8: each change of a certification is one revision and one audit row
  SELECT 8, 'a certification changed without an audit row', min(c.id::text)
  FROM certification c
  WHERE (SELECT count(*) FROM audit_entry a WHERE a.object_kind = 'certification' AND a.object_id = c.id::text) <> c.revision + 1
  HAVING count(*) > 0
UNION ALL
  -- 15: money is kept back only for a certification that is told and by an item that says so; nobody is certified by what lies before the turn
  SELECT 15, 'a payment is paused without a certification', min(d.id::text)
  FROM disbursement d WHERE d.state = 'paused'
    AND NOT EXISTS (SELECT FROM certification c WHERE c.subject_id = d.subject_id AND c.item_id = d.item_id AND c.suspended_on IS NOT NULL)
  HAVING count(*) > 0
UNION ALL
  SELECT 15, 'a certification rests on a day before its turn, on none of its visits, or on a word its item does not take', min(c.id::text)
  FROM certification c WHERE c.state = 'certified' AND (c.certified_on <= c.anchor_on
    OR c.how = 'self' AND NOT EXISTS (
      SELECT FROM item_version v WHERE v.item_id = c.item_id AND v.version = c.version AND v.content -> 'certify' ->> 'self' = 'true')
    OR c.how NOT IN ('trace', 'self') AND NOT EXISTS (
    SELECT FROM certification_visit v WHERE v.subject_id = c.subject_id AND v.certification_id = c.id AND v.result = 'met' AND v.visited_on = c.certified_on))
  HAVING count(*) > 0
UNION ALL
  -- 8: no version, delivery or disbursement without its audit row
  SELECT 8, 'a published version has no audit row', min(v.item_id || '@' || v.version)
  FROM item_version v
  WHERE NOT EXISTS (SELECT FROM audit_entry a WHERE a.object_kind = 'item_version' AND a.object_id = v.item_id || '@' || v.version)
  HAVING count(*) > 0
UNION ALL
  SELECT 8, 'a batch has no audit row', min(b.id::text)
  FROM batch b WHERE NOT EXISTS (SELECT FROM audit_entry a WHERE a.object_kind = 'batch' AND a.object_id = b.id::text)
  HAVING count(*) > 0
UNION ALL
  SELECT 8, 'a settled line has no audit row', min(l.id::text)
  FROM settlement_line l
  WHERE NOT EXISTS (SELECT FROM audit_entry a WHERE a.object_kind = 'settlement_line' AND a.object_id = l.id::text)
  HAVING count(*) > 0
UNION ALL
  SELECT 8, 'a disbursement has fewer audit rows than events', min(x.id::text)
  FROM (
    SELECT d.id FROM disbursement d
    LEFT JOIN (SELECT disbursement_id, count(*) AS n FROM disbursement_event GROUP BY 1) e ON e.disbursement_id = d.id
    LEFT JOIN (SELECT object_id, count(*) AS n FROM audit_entry WHERE object_kind = 'disbursement' GROUP BY 1) a ON a.object_id = d.id::text
    WHERE coalesce(e.n, 0) = 0 OR coalesce(a.n, 0) < e.n
  ) x
  HAVING count(*) > 0
UNION ALL
  SELECT 8, 'an attestation has no audit row', min(t.id::text)
  FROM attestation t WHERE NOT EXISTS (SELECT FROM audit_entry a WHERE a.object_kind = 'attestation' AND a.object_id = t.id::text)
  HAVING count(*) > 0
UNION ALL
  -- 14: an attested value in a record is one that stands, confirmed by a second person
  SELECT 14, 'a record carries an attested value that does not stand', min(p.subject_id::text)
  FROM record_part p, jsonb_each(p.cells) f, jsonb_array_elements(f.value) c
  WHERE p.dataset = 'attested' AND f.key <> '$' AND NOT EXISTS (
    SELECT FROM attestation t WHERE t.id::text = c -> 'attested' ->> 'id' AND t.state = 'standing' AND t.confirmed_by <> t.entered_by
      AND t.subject_id = p.subject_id AND t.fact = f.key AND t.value = c -> 'v')
  HAVING count(*) > 0
UNION ALL
  SELECT 8, 'a decision about a late dataset has no audit row', min(f.id::text)
  FROM freshness_decision f
  WHERE NOT EXISTS (SELECT FROM audit_entry a WHERE a.object_kind = 'freshness_decision' AND a.object_id = f.id::text)
  HAVING count(*) > 0
UNION ALL
  SELECT 8, 'a reminder has no audit row', min(m.message_id)
  FROM delivery_reminder m
  WHERE NOT EXISTS (SELECT FROM audit_entry a WHERE a.object_kind = 'delivery_reminder' AND a.object_id = m.message_id)
  HAVING count(*) > 0
UNION ALL
  SELECT 14, 'a record carries a sealed attested value that does not stand', min(p.subject_id::text)
  FROM record_part p, jsonb_array_elements_text(p.cells -> '$' -> 0 -> 'f') n
  WHERE p.dataset = 'attested' AND NOT EXISTS (
    SELECT FROM attestation t WHERE t.state = 'standing' AND t.confirmed_by <> t.entered_by AND t.subject_id = p.subject_id AND t.fact = n)
  HAVING count(*) > 0
UNION ALL
  SELECT 8, 'the audit chain has a gap', min(l.position)::text
  FROM audit_link l
  WHERE l.position > 1 AND NOT EXISTS (SELECT FROM audit_link p WHERE p.position = l.position - 1 AND p.hash = l.previous)
  HAVING count(*) > 0
UNION ALL
  -- 4: what a closed year carried is what the next year got
  SELECT 4, 'a closed year carried another amount than the next year got', min(wrong.id)
  FROM (
    SELECT y.item_id || ':' || y.year AS id FROM year_close y
    LEFT JOIN posting o ON o.transaction = 'close:' || y.item_id || ':' || y.year AND o.account = 'budget:' || y.item_id || ':' || y.year || ':available'
    LEFT JOIN posting n ON n.transaction = 'carry:' || y.item_id || ':' || y.year AND n.account = 'budget:' || y.item_id || ':' || (y.year + 1) || ':available'
    WHERE coalesce(n.amount_fen, 0) <> CASE y.way WHEN 'carry' THEN -coalesce(o.amount_fen, 0) ELSE 0 END OR coalesce(o.amount_fen, 0) > 0
  ) wrong
  HAVING count(*) > 0
UNION ALL
  SELECT 8, 'a closed year or month has no audit row', min(closed.id)
  FROM (
    SELECT y.item_id || ':' || y.year AS id, 'budget' AS kind, 'year.close' AS action FROM year_close y
    UNION ALL SELECT m.month, 'month', 'month.close' FROM month_close m
  ) closed
  WHERE NOT EXISTS (SELECT FROM audit_entry a WHERE a.object_kind = closed.kind AND a.object_id = closed.id AND a.action = closed.action)
  HAVING count(*) > 0
UNION ALL
  -- 9: nothing stays in `sending` or `pending` for ever; ended states carry their moment
  SELECT 9, 'a sent notice has no moment of sending', min(n.id::text)
  FROM notice n WHERE n.state = 'sent' AND n.sent_at IS NULL
  HAVING count(*) > 0
UNION ALL
  SELECT 9, 'a notice that must be told ended without a letter having been tried', min(n.id::text)
  FROM notice n WHERE n.duty = 'required' AND n.state IN ('bounced', 'dead') AND n.channel <> 'letter'
  HAVING count(*) > 0
$$;

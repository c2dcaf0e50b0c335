-- Who may do what to which table; the only place that says so. Runs again after every change of the schema, so a new table is never forgotten:
-- unless it is named here, the program may read and write it.
DO $$
DECLARE
  -- Sealed, ledger and audit tables: written once, never changed or removed by the program. Corrections are new rows.
  -- (SELECT … FOR UPDATE needs UPDATE and is refused on these too; lock a row of another table or an advisory key.)
  insert_only constant text[] := ARRAY[
    'audit_entry', 'audit_link', 'profile_look',
    'catalogue_version', 'column_mapping', 'item_version', 'name_list', 'attested_document', 'attestation',
    'account_check', 'account_check_row', 'account_check_answer',
    'snapshot', 'segment', 'snapshot_segment', 'snapshot_removal', 'snapshot_hold',
    'closing', 'closing_row', 'match', 'readiness', 'freshness_decision', 'posting', 'settled_run', 'notice_line', 'disbursement_event', 'choice', 'exclusive_choice', 'comparison_row',
    'batch', 'batch_signature', 'payment_line', 'line_funding', 'funding_source', 'payment_calendar', 'suspense', 'line_event', 'batch_exclusion', 'payment_file',
    'answer', 'review_vote', 'application', 'case_document', 'recovery_entry', 'recovery_funding', 'stop_order', 'heir', 'certification_visit', 'choice_told',
    'desk_decision', 'rating', 'call_reply',
    'month_close', 'year_close',
    'notice_try', 'notice_wording', 'office', 'message_choice', 'named_relative', 'yearly_told',
    'freeze_period'
  ];
  -- Credentials, second factors and whole delivered files: no business of an auditor.
  secret constant text[] := ARRAY['kept_chunk', 'upload_chunk', 'delivery_token', 'account', 'session', 'verification', 'two_factor', 'used_code', 'rate_limit', 'setting'];
  relation text;
BEGIN
  FOR relation IN
    SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm') ORDER BY relname
  LOOP
    EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC, zhixiang_app, zhixiang_auditor', relation);
    IF relation = 'schema_migration' THEN
      EXECUTE format('GRANT SELECT ON public.%I TO zhixiang_app, zhixiang_auditor', relation);
    ELSIF relation = ANY (insert_only) THEN
      EXECUTE format('GRANT SELECT, INSERT ON public.%I TO zhixiang_app', relation);
    ELSE
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON public.%I TO zhixiang_app', relation);
    END IF;
    IF relation <> ALL (secret) THEN
      EXECUTE format('GRANT SELECT ON public.%I TO zhixiang_auditor', relation);
    END IF;
  END LOOP;
END $$;

-- A version is immutable apart from the day it was retired.
GRANT UPDATE (retired_at) ON item_version TO zhixiang_app;
-- What was attested is written once; only its fate moves on.
GRANT UPDATE (state, confirmed_by, confirmed_at, against, against_as_of, dispute, dispute_since, closed_by, closed_at, close_reason)
  ON attestation TO zhixiang_app;
-- A stop and an heir are what was decided on; only their fate moves on.
GRANT UPDATE (state, asked_by, asked_at, document, reason, last_on, kind, people, confirmed_by, confirmed_at, closed_by, closed_at, close_reason, close_document)
  ON stop_order TO zhixiang_app;
GRANT UPDATE (state, decided_by, decided_at, closed_by, closed_at, close_reason) ON heir TO zhixiang_app;
-- A list of accounts to be tried is frozen; who let it out, or sent it back, is written later.
GRANT UPDATE (state, decided_by, decided_at, reason) ON account_check TO zhixiang_app;
-- Days kept for an audit are written once; only their end moves on.
GRANT UPDATE (lifted_by, lifted_at, lift_reason) ON snapshot_hold TO zhixiang_app;
-- A batch's lines, totals and hash are frozen; where it stands is not.
GRANT UPDATE (state, released_at, file_sha256, reason, checkers_needed, offices_needed) ON batch TO zhixiang_app;
-- Where money comes from, and when it goes out, is ended and told anew, never changed; what waits in suspense is settled, never rewritten.
GRANT UPDATE (ended_at, ended_by) ON funding_source, payment_calendar TO zhixiang_app;
GRANT UPDATE (settled_at, settled_by, reason) ON suspense TO zhixiang_app;
-- What somebody thought of a payment stays as it was said; the office answers it.
GRANT UPDATE (answer, answered_by, answered_at) ON rating TO zhixiang_app;
-- A freeze is what was asked for; only its fate moves on.
GRANT UPDATE (confirmed_by, confirmed_at, ended_by, ended_at, end_reason) ON freeze_period TO zhixiang_app;
-- A text of a notice is written once; a second person publishes it.
GRANT UPDATE (checker, published_at) ON notice_wording TO zhixiang_app;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO zhixiang_app, zhixiang_auditor;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO zhixiang_app;

-- Made by `npm run -s db:snapshot`; a test keeps it equal to what the migrations make. For reading, not for running.

create table account (
  id text not null,
  account_id text not null,
  provider_id text not null,
  user_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamp with time zone,
  refresh_token_expires_at timestamp with time zone,
  scope text,
  password text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint account_pkey PRIMARY KEY (id),
  constraint account_user_id_user_id_fk FOREIGN KEY (user_id) REFERENCES "user"(id) ON DELETE CASCADE
);

create table account_check (
  id uuid not null,
  method text not null,
  template text not null,
  state text not null,
  rows integer not null,
  total_fen bigint not null,
  file_sha256 text not null,
  made_by text not null,
  made_at timestamp with time zone not null,
  decided_by text,
  decided_at timestamp with time zone,
  reason text,
  constraint account_check_pkey PRIMARY KEY (id),
  constraint account_check_decided CHECK (((state = 'made'::text) = (decided_by IS NULL))),
  constraint account_check_method CHECK ((method = ANY (ARRAY['small-amount'::text, 'bank-file'::text]))),
  constraint account_check_state CHECK ((state = ANY (ARRAY['made'::text, 'released'::text, 'cancelled'::text]))),
  constraint account_check_two_people CHECK (((state <> 'released'::text) OR (decided_by <> made_by)))
);

create table account_check_answer (
  check_id uuid not null,
  "position" integer not null,
  answer text not null,
  words text,
  amount_fen bigint,
  file_sha256 text,
  line integer,
  by text not null,
  at timestamp with time zone not null,
  constraint account_check_answer_check_id_position_answer_pk PRIMARY KEY (check_id, "position", answer),
  constraint account_check_answer_kind CHECK ((answer = ANY (ARRAY['ok'::text, 'name-differs'::text, 'closed'::text, 'amount-differs'::text, 'unknown'::text]))),
  constraint account_check_answer_check_id_position_account_check_row_check_ FOREIGN KEY (check_id, "position") REFERENCES account_check_row(check_id, "position")
);

create table account_check_row (
  check_id uuid not null,
  "position" integer not null,
  account_index text not null,
  subject_id uuid not null,
  disbursement_id uuid not null,
  item_id text not null,
  authority text not null,
  division text,
  name text not null,
  tail text not null,
  amount_fen bigint,
  constraint account_check_row_check_id_position_pk PRIMARY KEY (check_id, "position"),
  constraint account_check_row_account UNIQUE (check_id, account_index, subject_id),
  constraint account_check_row_check_id_account_check_id_fk FOREIGN KEY (check_id) REFERENCES account_check(id)
);
CREATE INDEX account_check_row_subject ON account_check_row USING btree (subject_id);

create table answer (
  id bigint not null default nextval('answer_id_seq'::regclass),
  subject_id uuid not null,
  disbursement_id uuid not null,
  item_id text not null,
  key text not null,
  field text not null,
  value text,
  document text,
  actor text not null,
  role text not null,
  at timestamp with time zone not null,
  constraint answer_pkey PRIMARY KEY (id),
  constraint answer_something CHECK (((field = 'account'::text) OR ((value IS NULL) <> (document IS NULL))))
);
CREATE INDEX answer_of ON answer USING btree (disbursement_id);
CREATE INDEX answer_unit ON answer USING btree (subject_id, item_id, key);

create table application (
  id bigint not null default nextval('application_id_seq'::regclass),
  subject_id uuid not null,
  disbursement_id uuid not null,
  attachments jsonb not null,
  actor text not null,
  role text not null,
  review_by date,
  at timestamp with time zone not null,
  constraint application_pkey PRIMARY KEY (id)
);
CREATE INDEX application_of ON application USING btree (disbursement_id);

create table attestation (
  id uuid not null default gen_random_uuid(),
  register text not null,
  subject_id uuid not null,
  division text,
  fact text not null,
  value jsonb not null,
  valid_from date,
  valid_to date,
  document_hash text not null,
  document_title text not null,
  reason text not null,
  as_of date not null,
  expires_on date not null,
  state text not null,
  entered_by text not null,
  entered_at timestamp with time zone not null,
  confirmed_by text,
  confirmed_at timestamp with time zone,
  against text,
  against_as_of date,
  dispute text,
  dispute_since date,
  closed_by text,
  closed_at timestamp with time zone,
  close_reason text,
  constraint attestation_pkey PRIMARY KEY (id),
  constraint attestation_confirmed CHECK (((state <> ALL (ARRAY['standing'::text, 'agreed'::text, 'overruled'::text])) OR (confirmed_by IS NOT NULL))),
  constraint attestation_dispute CHECK (((dispute IS NULL) OR (dispute = ANY (ARRAY['repeated'::text, 'contradicted'::text])))),
  constraint attestation_expiry CHECK ((expires_on >= as_of)),
  constraint attestation_state CHECK ((state = ANY (ARRAY['entered'::text, 'standing'::text, 'refused'::text, 'withdrawn'::text, 'agreed'::text, 'overruled'::text, 'expired'::text]))),
  constraint attestation_two_people CHECK (((confirmed_by IS NULL) OR (confirmed_by <> entered_by))),
  constraint attestation_document_hash_attested_document_sha256_fk FOREIGN KEY (document_hash) REFERENCES attested_document(sha256)
);
CREATE UNIQUE INDEX attestation_live ON attestation USING btree (subject_id, register, fact, COALESCE(valid_from, '-infinity'::date)) WHERE (state = ANY (ARRAY['entered'::text, 'standing'::text]));
CREATE INDEX attestation_officer ON attestation USING btree (entered_by, entered_at);
CREATE INDEX attestation_subject ON attestation USING btree (subject_id);

create table attested_document (
  sha256 text not null,
  media_type text not null,
  stored_at timestamp with time zone not null,
  stored_by text not null,
  constraint attested_document_pkey PRIMARY KEY (sha256)
);

create table audit_entry (
  id bigint not null default nextval('audit_entry_id_seq'::regclass),
  at timestamp with time zone not null,
  txid xid8 not null default pg_current_xact_id(),
  actor text not null,
  role text not null,
  scope jsonb,
  action text not null,
  object_kind text not null,
  object_id text not null,
  detail jsonb not null,
  reason text,
  hash text not null,
  constraint audit_entry_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_entry_object ON audit_entry USING btree (object_kind, object_id);
CREATE INDEX audit_entry_txid ON audit_entry USING btree (txid);

create table audit_link (
  "position" bigint not null,
  entry_id bigint not null,
  previous text not null,
  hash text not null,
  at timestamp with time zone not null,
  constraint audit_link_pkey PRIMARY KEY ("position"),
  constraint audit_link_entry_id_unique UNIQUE (entry_id),
  constraint audit_link_entry_id_audit_entry_id_fk FOREIGN KEY (entry_id) REFERENCES audit_entry(id)
);

create table balance (
  account text not null,
  amount_fen bigint not null,
  floor_fen bigint,
  constraint balance_pkey PRIMARY KEY (account),
  constraint balance_floor CHECK (((floor_fen IS NULL) OR (amount_fen >= floor_fen)))
);

create table batch (
  id uuid not null default gen_random_uuid(),
  item_id text not null,
  authority text not null,
  source_id uuid not null,
  period_key text,
  pay_on date not null,
  format text not null,
  number text not null,
  lines integer not null,
  total_fen bigint not null,
  hash text not null,
  state text not null,
  sealed_at timestamp with time zone not null,
  released_at timestamp with time zone,
  file_sha256 text,
  reason text,
  checkers_needed integer,
  offices_needed text[],
  constraint batch_pkey PRIMARY KEY (id),
  constraint batch_content UNIQUE (id, hash),
  constraint batch_number_unique UNIQUE (number),
  constraint batch_quorum CHECK (((state <> ALL (ARRAY['approved'::text, 'released'::text, 'closed'::text])) OR ((checkers_needed >= 1) AND (offices_needed IS NOT NULL)))),
  constraint batch_released CHECK (((state = ANY (ARRAY['released'::text, 'closed'::text])) = (file_sha256 IS NOT NULL))),
  constraint batch_state_known CHECK ((state = ANY (ARRAY['sealed'::text, 'approved'::text, 'released'::text, 'cancelled'::text, 'closed'::text]))),
  constraint batch_source_id_funding_source_id_fk FOREIGN KEY (source_id) REFERENCES funding_source(id)
);
CREATE INDEX batch_item ON batch USING btree (item_id, pay_on);
CREATE INDEX batch_state ON batch USING btree (state);

create table batch_exclusion (
  batch_id uuid not null,
  disbursement_id uuid not null,
  subject_id uuid not null,
  reasons jsonb not null,
  constraint batch_exclusion_batch_id_disbursement_id_pk PRIMARY KEY (batch_id, disbursement_id),
  constraint batch_exclusion_batch_id_batch_id_fk FOREIGN KEY (batch_id) REFERENCES batch(id)
);

create table batch_signature (
  batch_id uuid not null,
  person text not null,
  role text not null,
  office text not null,
  hash text not null,
  file_sha256 text,
  at timestamp with time zone not null,
  constraint batch_signature_batch_id_person_pk PRIMARY KEY (batch_id, person),
  constraint batch_signature_file CHECK (((role = 'issuer'::text) = (file_sha256 IS NOT NULL))),
  constraint batch_signature_office CHECK (((office = ('finance-'::text || role)) OR ((role = 'checker'::text) AND (office = 'finance-head'::text)))),
  constraint batch_signature_role CHECK ((role = ANY (ARRAY['maker'::text, 'checker'::text, 'issuer'::text]))),
  constraint batch_signature_content FOREIGN KEY (batch_id, hash) REFERENCES batch(id, hash)
);
CREATE UNIQUE INDEX batch_signature_one ON batch_signature USING btree (batch_id, role) WHERE (role <> 'checker'::text);

create table block_result (
  item_id text not null,
  period_key text not null,
  register text not null,
  block integer not null,
  run_id uuid not null,
  version integer not null,
  eligible bytea not null,
  undetermined bytea not null,
  state bytea,
  constraint block_result_item_id_period_key_register_block_pk PRIMARY KEY (item_id, period_key, register, block)
);

create table budget (
  id text not null,
  item_id text not null,
  year integer not null,
  kind text not null,
  shared_at timestamp with time zone,
  created_at timestamp with time zone not null,
  constraint budget_pkey PRIMARY KEY (id),
  constraint budget_item_year UNIQUE (item_id, year),
  constraint budget_kind CHECK ((kind = ANY (ARRAY['limited'::text, 'entitlement'::text])))
);

create table call_reply (
  subject_id uuid not null,
  order_number text not null,
  ordinal integer not null,
  item_id text,
  reply bytea not null,
  received_on date not null,
  due_on date,
  replied_by text not null,
  role text not null,
  at timestamp with time zone not null,
  constraint call_reply_subject_id_order_number_ordinal_pk PRIMARY KEY (subject_id, order_number, ordinal),
  constraint call_reply_days CHECK (((due_on IS NULL) OR (due_on >= received_on))),
  constraint call_reply_ordinal CHECK ((ordinal >= 1))
);

create table case_document (
  sha256 text not null,
  media_type text not null,
  actor text not null,
  at timestamp with time zone not null,
  constraint case_document_pkey PRIMARY KEY (sha256)
);

create table catalogue_version (
  number integer not null,
  hash text not null,
  content jsonb not null,
  published_at timestamp with time zone not null,
  prepared_by text not null,
  published_by text not null,
  constraint catalogue_version_pkey PRIMARY KEY (number),
  constraint catalogue_version_hash_unique UNIQUE (hash),
  constraint catalogue_version_two_people CHECK ((prepared_by <> published_by))
);

create table certification (
  id uuid not null default gen_random_uuid(),
  subject_id uuid not null,
  item_id text not null,
  version integer not null,
  register text not null,
  authority text not null,
  division text,
  match_id uuid not null,
  code text not null,
  anchor_on date not null,
  opened_on date not null,
  due_on date not null,
  visit_from date,
  suspended_on date,
  reminded integer not null default 0,
  state text not null,
  certified_on date,
  how text,
  evidence jsonb,
  decided_by text,
  at timestamp with time zone not null,
  revision integer not null default 0,
  constraint certification_subject_id_id_pk PRIMARY KEY (subject_id, id),
  constraint certification_by CHECK (((how IS NULL) OR ((how = 'trace'::text) = (decided_by IS NULL)))),
  constraint certification_person CHECK (((state <> 'deceased'::text) OR (decided_by IS NOT NULL))),
  constraint certification_seen CHECK (((state = 'certified'::text) = ((certified_on IS NOT NULL) AND (how IS NOT NULL)))),
  constraint certification_state CHECK ((state = ANY (ARRAY['open'::text, 'visiting'::text, 'suspended'::text, 'deceased'::text, 'certified'::text, 'void'::text]))),
  constraint certification_suspended CHECK (((state <> 'suspended'::text) OR (suspended_on IS NOT NULL)))
);
CREATE INDEX certification_code ON certification USING btree (code);
CREATE INDEX certification_item ON certification USING btree (item_id, state, due_on);
CREATE UNIQUE INDEX certification_live ON certification USING btree (subject_id, item_id) WHERE (state = ANY (ARRAY['open'::text, 'visiting'::text, 'suspended'::text, 'deceased'::text]));
CREATE UNIQUE INDEX certification_turn ON certification USING btree (subject_id, item_id, anchor_on) WHERE (state <> 'void'::text);

create table certification_visit (
  id bigint not null default nextval('certification_visit_id_seq'::regclass),
  subject_id uuid not null,
  certification_id uuid not null,
  result text not null,
  way text not null,
  visited_on date not null,
  visitor text not null,
  note text,
  document text,
  died_on date,
  actor text not null,
  role text not null,
  at timestamp with time zone not null,
  constraint certification_visit_pkey PRIMARY KEY (id),
  constraint certification_visit_died CHECK (((result = 'deceased'::text) = (died_on IS NOT NULL))),
  constraint certification_visit_evidence CHECK (((note IS NOT NULL) OR (document IS NOT NULL))),
  constraint certification_visit_result CHECK ((result = ANY (ARRAY['met'::text, 'not-met'::text, 'moved'::text, 'deceased'::text]))),
  constraint certification_visit_way CHECK ((way = ANY (ARRAY['home'::text, 'counter'::text, 'video'::text])))
);
CREATE UNIQUE INDEX certification_visit_once ON certification_visit USING btree (subject_id, certification_id, visited_on, result, visitor);

create table choice (
  id bigint not null default nextval('choice_id_seq'::regclass),
  subject_id uuid not null,
  disbursement_id uuid not null,
  choice text not null,
  actor text not null,
  at timestamp with time zone not null,
  constraint choice_pkey PRIMARY KEY (id),
  constraint choice_kind CHECK ((choice = ANY (ARRAY['confirmed'::text, 'declined'::text, 'deemed-waived'::text, 'withdrawn'::text])))
);
CREATE INDEX choice_of ON choice USING btree (disbursement_id);

create table choice_told (
  subject_id uuid not null,
  choice_key text not null,
  offer text not null,
  template text not null,
  at timestamp with time zone not null,
  constraint choice_told_subject_id_choice_key_offer_template_pk PRIMARY KEY (subject_id, choice_key, offer, template)
);

create table claim (
  object_kind text not null,
  object_id text not null,
  claim_group text not null,
  period_key text not null,
  line_id uuid,
  subject_id uuid,
  item_id text,
  taken_at timestamp with time zone,
  constraint claim_object_kind_object_id_claim_group_period_key_pk PRIMARY KEY (object_kind, object_id, claim_group, period_key)
);
CREATE INDEX claim_line ON claim USING btree (line_id);

create table closing (
  id uuid not null default gen_random_uuid(),
  run_id uuid not null,
  item_id text not null,
  version integer not null,
  period_key text not null,
  fact text not null,
  hash text not null,
  exact boolean not null,
  totals jsonb not null,
  closed_at timestamp with time zone not null,
  constraint closing_pkey PRIMARY KEY (id),
  constraint closing_run UNIQUE (item_id, period_key, version, fact, run_id),
  constraint closing_run_id_run_id_fk FOREIGN KEY (run_id) REFERENCES run(id)
);

create table closing_row (
  subject_id uuid not null,
  closing_id uuid not null,
  content jsonb not null,
  constraint closing_row_subject_id_closing_id_pk PRIMARY KEY (subject_id, closing_id)
);
CREATE INDEX closing_row_of ON closing_row USING btree (closing_id);

create table column_mapping (
  dataset text not null,
  version integer not null,
  labels jsonb not null,
  made_at timestamp with time zone not null,
  made_by text not null,
  constraint column_mapping_dataset_version_pk PRIMARY KEY (dataset, version)
);

create table comparison (
  id uuid not null default gen_random_uuid(),
  item_id text not null,
  version integer not null,
  item_hash text not null,
  period_key text not null,
  period_start date,
  period_end date not null,
  register text not null,
  snapshot_id text not null,
  ledger_cut bigint not null,
  file_name text not null,
  sha256 text not null,
  counts jsonb not null,
  made_by text not null,
  made_at timestamp with time zone not null,
  accepted_by text,
  accepted_at timestamp with time zone,
  reason text,
  constraint comparison_pkey PRIMARY KEY (id),
  constraint comparison_two_people CHECK (((accepted_by IS NULL) OR (accepted_by <> made_by)))
);
CREATE INDEX comparison_item ON comparison USING btree (item_id, made_at);

create table comparison_row (
  comparison_id uuid not null,
  line integer not null,
  subject_id uuid,
  ordinal integer,
  division text,
  village text,
  standing text not null,
  verdict text,
  listed_fen bigint,
  our_fen bigint,
  flags text[] not null,
  reasons jsonb not null,
  digest text,
  lines jsonb,
  constraint comparison_row_comparison_id_line_pk PRIMARY KEY (comparison_id, line),
  constraint comparison_row_standing CHECK ((standing = ANY (ARRAY['both'::text, 'differs'::text, 'listed'::text, 'entitled'::text, 'stranger'::text]))),
  constraint comparison_row_comparison_id_comparison_id_fk FOREIGN KEY (comparison_id) REFERENCES comparison(id)
);

create table coverage (
  dataset text not null,
  register text not null,
  division text not null,
  as_of date not null,
  delivery_id uuid not null,
  periods text[] not null default '{}'::text[],
  constraint coverage_dataset_register_division_pk PRIMARY KEY (dataset, register, division)
);

create table dataset_profile (
  dataset text not null,
  as_of date not null,
  profile jsonb not null,
  at timestamp with time zone not null,
  constraint dataset_profile_dataset_as_of_pk PRIMARY KEY (dataset, as_of)
);

create table delivery (
  id uuid not null default gen_random_uuid(),
  dataset text not null,
  kind text not null,
  scope jsonb not null,
  as_of date not null,
  sha256 text not null,
  file_name text not null,
  state text not null,
  rows_read integer not null default 0,
  rows_good integer not null default 0,
  rows_bad integer not null default 0,
  totals jsonb,
  received_at timestamp with time zone not null,
  received_by text not null,
  landed_at timestamp with time zone,
  held jsonb,
  decided_by text,
  decided_at timestamp with time zone,
  decision text,
  constraint delivery_pkey PRIMARY KEY (id),
  constraint delivery_once UNIQUE (dataset, sha256, as_of, kind, scope),
  constraint delivery_decided CHECK (((state <> ALL (ARRAY['accepted'::text, 'rejected'::text])) OR ((decided_by IS NOT NULL) AND (decision IS NOT NULL)))),
  constraint delivery_kind CHECK ((kind = ANY (ARRAY['full'::text, 'changes'::text, 'list'::text]))),
  constraint delivery_state CHECK ((state = ANY (ARRAY['landing'::text, 'landed'::text, 'refused'::text, 'held'::text, 'accepted'::text, 'rejected'::text]))),
  constraint delivery_two_people CHECK (((decided_by IS NULL) OR (decided_by <> received_by)))
);

create table delivery_problem (
  delivery_id uuid not null,
  line integer not null,
  "column" text not null,
  code text not null,
  masked text not null,
  message text not null,
  hint text not null,
  "row" jsonb,
  constraint delivery_problem_delivery_id_line_column_code_pk PRIMARY KEY (delivery_id, line, "column", code),
  constraint delivery_problem_delivery_id_delivery_id_fk FOREIGN KEY (delivery_id) REFERENCES delivery(id)
);

create table delivery_reminder (
  dataset text not null,
  division text not null,
  due_on date not null,
  level integer not null,
  role text not null,
  address text,
  subject text not null,
  body text not null,
  state text not null,
  attempts integer not null default 0,
  next_at timestamp with time zone not null,
  message_id text not null,
  last_error text,
  created_at timestamp with time zone not null,
  sent_at timestamp with time zone,
  constraint delivery_reminder_dataset_division_due_on_level_pk PRIMARY KEY (dataset, division, due_on, level),
  constraint delivery_reminder_message_id_unique UNIQUE (message_id),
  constraint delivery_reminder_state CHECK ((state = ANY (ARRAY['shown'::text, 'pending'::text, 'sending'::text, 'sent'::text, 'bounced'::text, 'dead'::text])))
);

create table delivery_token (
  id uuid not null default gen_random_uuid(),
  hash text not null,
  dataset text not null,
  division text,
  label text not null,
  created_by text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  constraint delivery_token_pkey PRIMARY KEY (id),
  constraint delivery_token_hash_unique UNIQUE (hash)
);

create table department_view (
  name text not null,
  dataset text not null,
  division text,
  kind text not null,
  address text not null,
  view text not null,
  watermark text,
  columns jsonb,
  "position" text,
  polled_at timestamp with time zone,
  problem jsonb,
  delivery_id uuid,
  created_by text not null,
  created_at timestamp with time zone not null,
  constraint department_view_pkey PRIMARY KEY (name),
  constraint department_view_kind CHECK ((kind = ANY (ARRAY['full'::text, 'changes'::text, 'list'::text]))),
  constraint department_view_watermark CHECK (((kind = 'changes'::text) = (watermark IS NOT NULL)))
);

create table desk_assignment (
  queue text not null,
  object_id uuid not null,
  subject_id uuid not null,
  taken_by text,
  taken_at timestamp with time zone not null,
  due_on date,
  version integer not null,
  constraint desk_assignment_subject_id_queue_object_id_pk PRIMARY KEY (subject_id, queue, object_id),
  constraint desk_assignment_due CHECK (((taken_by IS NOT NULL) OR (due_on IS NULL))),
  constraint desk_assignment_version CHECK ((version >= 1))
);
CREATE INDEX desk_assignment_object ON desk_assignment USING btree (object_id);
CREATE INDEX desk_assignment_of ON desk_assignment USING btree (taken_by) WHERE (taken_by IS NOT NULL);

create table desk_decision (
  subject_id uuid not null,
  queue text not null,
  object_id uuid not null,
  version text not null,
  revision integer,
  decision text not null,
  reason text not null,
  file text not null,
  actor text not null,
  role text not null,
  at timestamp with time zone not null,
  constraint desk_decision_subject_id_queue_object_id_version_pk PRIMARY KEY (subject_id, queue, object_id, version),
  constraint desk_decision_reason CHECK ((length(reason) >= 2))
);
CREATE INDEX desk_decision_object ON desk_decision USING btree (object_id);

create table disbursement (
  id uuid not null default gen_random_uuid(),
  subject_id uuid not null,
  line_id uuid,
  match_id uuid not null,
  key text not null default ''::text,
  part integer not null default 0,
  item_id text not null,
  version integer not null,
  authority text not null,
  period_key text not null,
  division text,
  match_kind text not null,
  payee_name text,
  payee_subject_id uuid,
  account bytea,
  account_index text,
  bank text,
  bank_code text,
  amount_fen bigint not null,
  basis jsonb not null,
  statement_text text not null,
  gaps text[] not null,
  flow text[] not null,
  step integer not null default 0,
  state text not null,
  due_on date,
  window_from date,
  held_from text,
  hold_reason text,
  created_at timestamp with time zone not null,
  revision integer not null default 0,
  constraint disbursement_subject_id_id_pk PRIMARY KEY (subject_id, id),
  constraint disbursement_line UNIQUE (subject_id, line_id, part),
  constraint disbursement_account_sealed CHECK (((account IS NULL) = (account_index IS NULL))),
  constraint disbursement_held CHECK (((state = 'held'::text) = (held_from IS NOT NULL))),
  constraint disbursement_money CHECK (
CASE
    WHEN (line_id IS NULL) THEN (amount_fen = 0)
    ELSE (amount_fen > 0)
END)
);
CREATE INDEX disbursement_account ON disbursement USING btree (account_index);
CREATE INDEX disbursement_item ON disbursement USING btree (item_id, period_key, state);
CREATE UNIQUE INDEX disbursement_match_key ON disbursement USING btree (subject_id, match_id, key, part) WHERE (line_id IS NULL);
CREATE INDEX disbursement_newest ON disbursement USING btree (created_at, id);
CREATE INDEX disbursement_open ON disbursement USING btree (subject_id, id) WHERE (state = ANY (ARRAY['prefilled'::text, 'applying'::text, 'asking'::text, 'named'::text, 'reviewing'::text, 'notified'::text, 'confirming'::text, 'publicity'::text, 'objected'::text, 'ready'::text, 'paused'::text, 'waived'::text]));
CREATE INDEX disbursement_state ON disbursement USING btree (state, due_on);

create table disbursement_event (
  id bigint not null default nextval('disbursement_event_id_seq'::regclass),
  subject_id uuid not null,
  disbursement_id uuid not null,
  from_state text,
  to_state text not null,
  actor text not null,
  reason text,
  evidence jsonb,
  at timestamp with time zone not null,
  constraint disbursement_event_pkey PRIMARY KEY (id)
);
CREATE INDEX disbursement_event_of ON disbursement_event USING btree (disbursement_id);

create table entry_link (
  id uuid not null default gen_random_uuid(),
  token_hash text not null,
  notice_id uuid not null,
  register text not null,
  subject_id uuid not null,
  made_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  failures smallint not null default 0,
  constraint entry_link_pkey PRIMARY KEY (id)
);
CREATE INDEX entry_link_notice ON entry_link USING btree (notice_id);
CREATE UNIQUE INDEX entry_link_token ON entry_link USING btree (token_hash);

create table exclusive_choice (
  id bigint not null default nextval('exclusive_choice_id_seq'::regclass),
  subject_id uuid not null,
  choice_key text not null,
  item_id text not null,
  actor text not null,
  at timestamp with time zone not null,
  constraint exclusive_choice_pkey PRIMARY KEY (id)
);
CREATE INDEX exclusive_choice_subject ON exclusive_choice USING btree (subject_id, choice_key);

create table freeze_period (
  id uuid not null default gen_random_uuid(),
  acts text[] not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  reason text not null,
  proposed_by text not null,
  proposed_at timestamp with time zone not null,
  confirmed_by text,
  confirmed_at timestamp with time zone,
  ended_by text,
  ended_at timestamp with time zone,
  end_reason text,
  constraint freeze_period_pkey PRIMARY KEY (id),
  constraint freeze_period_acts CHECK (((cardinality(acts) > 0) AND (acts <@ ARRAY['seal'::text, 'release'::text, 'publish'::text]))),
  constraint freeze_period_lift CHECK (((ended_by IS NULL) OR (confirmed_by IS NULL) OR (ended_by <> proposed_by))),
  constraint freeze_period_order CHECK ((from_at < to_at)),
  constraint freeze_period_two CHECK (((confirmed_by <> proposed_by) AND ((confirmed_by IS NULL) = (confirmed_at IS NULL))))
);
CREATE INDEX freeze_period_to ON freeze_period USING btree (to_at);

create table freshness_decision (
  id uuid not null,
  item_id text not null,
  period_key text not null,
  dataset text not null,
  choice text not null,
  days integer,
  until date not null,
  as_of date not null,
  reason text not null,
  actor text not null,
  sequence bigint not null default nextval('freshness_decision_sequence_seq'::regclass),
  at timestamp with time zone not null,
  constraint freshness_decision_pkey PRIMARY KEY (id),
  constraint freshness_decision_choice CHECK ((((choice = 'extend'::text) AND ((days >= 1) AND (days <= 366))) OR ((choice = 'wait'::text) AND (days IS NULL)))),
  constraint freshness_decision_reason CHECK ((length(reason) > 0))
);
CREATE INDEX freshness_decision_of ON freshness_decision USING btree (item_id, period_key, dataset);

create table funding_source (
  id uuid not null default gen_random_uuid(),
  item_id text not null,
  year integer not null,
  document text not null,
  project_code text not null,
  subject_code text not null,
  nature text not null,
  payer_name text not null,
  payer_account text not null,
  payer_bank text not null,
  payer_bank_code text not null,
  format text not null,
  amount_fen bigint not null,
  level text not null,
  share_bp integer,
  rank integer not null default 0,
  created_at timestamp with time zone not null,
  created_by text not null,
  ended_at timestamp with time zone,
  ended_by text,
  constraint funding_source_pkey PRIMARY KEY (id),
  constraint funding_source_level CHECK ((level = ANY (ARRAY['central'::text, 'province'::text, 'city'::text, 'county'::text]))),
  constraint funding_source_money CHECK (((amount_fen > 0) AND ((share_bp >= 1) AND (share_bp <= 10000)))),
  constraint funding_source_nature CHECK ((nature = ANY (ARRAY['budget'::text, 'transfer'::text, 'insurance'::text])))
);
CREATE UNIQUE INDEX funding_source_live ON funding_source USING btree (item_id, year, document) WHERE (ended_at IS NULL);

create table heir (
  id uuid not null,
  subject_id uuid not null,
  item_id text not null,
  authority text not null,
  division text,
  relation text not null,
  person bytea not null,
  account_index text not null,
  bank text,
  bank_code text,
  heir_subject_id uuid,
  document text not null,
  reason text not null,
  state text not null,
  named_by text not null,
  named_at timestamp with time zone not null,
  decided_by text,
  decided_at timestamp with time zone,
  closed_by text,
  closed_at timestamp with time zone,
  close_reason text,
  constraint heir_pkey PRIMARY KEY (id),
  constraint heir_confirmed CHECK (((state <> 'confirmed'::text) OR (decided_by IS NOT NULL))),
  constraint heir_not_dead CHECK (((heir_subject_id IS NULL) OR (heir_subject_id <> subject_id))),
  constraint heir_relation CHECK ((relation = ANY (ARRAY['spouse'::text, 'child'::text, 'parent'::text, 'sibling'::text, 'other-heir'::text, 'carer'::text]))),
  constraint heir_state_known CHECK ((state = ANY (ARRAY['named'::text, 'confirmed'::text, 'refused'::text, 'withdrawn'::text]))),
  constraint heir_two_people CHECK (((decided_by IS NULL) OR (decided_by <> named_by)))
);
CREATE UNIQUE INDEX heir_live ON heir USING btree (subject_id, item_id) WHERE (state = ANY (ARRAY['named'::text, 'confirmed'::text]));
CREATE INDEX heir_state ON heir USING btree (state, named_at);

create table item_opening (
  item_id text not null,
  state text not null,
  from_day date,
  comparison_id uuid,
  maker text not null,
  checker text,
  at timestamp with time zone not null,
  constraint item_opening_pkey PRIMARY KEY (item_id),
  constraint item_opening_live CHECK (((state = 'shadow'::text) OR ((from_day IS NOT NULL) AND (checker IS NOT NULL)))),
  constraint item_opening_state CHECK ((state = ANY (ARRAY['shadow'::text, 'live'::text]))),
  constraint item_opening_two_people CHECK (((checker IS NULL) OR (maker <> checker)))
);

create table item_review (
  id uuid not null default gen_random_uuid(),
  item_id text not null,
  title text not null,
  authority text not null,
  content jsonb not null,
  hash text not null,
  state text not null,
  maker text not null,
  created_at timestamp with time zone not null,
  submitted_at timestamp with time zone,
  checker text,
  decided_at timestamp with time zone,
  reason text,
  version integer,
  warnings jsonb not null,
  effect jsonb,
  accepted_by text,
  document_sha256 text,
  document_name text,
  constraint item_review_pkey PRIMARY KEY (id),
  constraint item_review_two_people CHECK (((checker IS NULL) OR (checker <> maker)))
);
CREATE INDEX item_review_item ON item_review USING btree (item_id, version);
CREATE UNIQUE INDEX item_review_open ON item_review USING btree (item_id) WHERE (state = ANY (ARRAY['draft'::text, 'review'::text]));

create table item_version (
  item_id text not null,
  version integer not null,
  hash text not null,
  content jsonb not null,
  maker text not null,
  checker text not null,
  blocked text,
  published_at timestamp with time zone not null,
  effective_from date,
  effective_to date,
  retired_at timestamp with time zone,
  document_sha256 text,
  constraint item_version_item_id_version_pk PRIMARY KEY (item_id, version),
  constraint item_version_hash UNIQUE (item_id, hash),
  constraint item_version_two_people CHECK ((maker <> checker))
);

create table job_run (
  id bigint not null default nextval('job_run_id_seq'::regclass),
  name text not null,
  asked_by text,
  started_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  outcome text not null,
  line text,
  code text,
  message text,
  hint text,
  share real,
  doing text,
  stop_asked_by text,
  constraint job_run_pkey PRIMARY KEY (id),
  constraint job_run_known CHECK ((outcome = ANY (ARRAY['running'::text, 'done'::text, 'idle'::text, 'failed'::text, 'lost'::text, 'stopped'::text]))),
  constraint job_run_over CHECK (((outcome = 'running'::text) = (ended_at IS NULL))),
  constraint job_run_share CHECK (((share >= (0)::double precision) AND (share <= (1)::double precision))),
  constraint job_run_why CHECK (((outcome = 'failed'::text) = (code IS NOT NULL)))
);
CREATE INDEX job_run_name ON job_run USING btree (name, id);
CREATE INDEX job_run_outcome ON job_run USING btree (outcome, started_at);

create table kept_chunk (
  file_id uuid not null,
  "position" integer not null,
  bytes bytea not null,
  constraint kept_chunk_file_id_position_pk PRIMARY KEY (file_id, "position")
);

create table kept_file (
  sha256 text not null,
  id uuid not null,
  bytes bigint not null,
  header bytea not null,
  kept_at timestamp with time zone not null,
  removed_at timestamp with time zone,
  constraint kept_file_pkey PRIMARY KEY (sha256),
  constraint kept_file_id_unique UNIQUE (id)
);

create table kept_report (
  kind text not null,
  scope text not null,
  made_at timestamp with time zone not null,
  took_ms integer not null,
  known_at date not null,
  mark text not null,
  report text not null,
  constraint kept_report_kind_scope_pk PRIMARY KEY (kind, scope)
);

create table line_event (
  id bigint not null default nextval('line_event_id_seq'::regclass),
  batch_id uuid not null,
  line_id uuid not null,
  kind text not null,
  code text,
  text text,
  file_id uuid,
  dedupe text not null,
  actor text not null,
  at timestamp with time zone not null,
  constraint line_event_pkey PRIMARY KEY (id),
  constraint line_event_dedupe_unique UNIQUE (dedupe),
  constraint line_event_kind CHECK ((kind = ANY (ARRAY['withheld'::text, 'cancelled'::text, 'sent'::text, 'accepted'::text, 'paid'::text, 'returned'::text, 'unknown'::text])))
);
CREATE INDEX line_event_batch ON line_event USING btree (batch_id, kind);
CREATE INDEX line_event_line ON line_event USING btree (line_id);

create table line_funding (
  batch_id uuid not null,
  line_id uuid not null,
  source_id uuid not null,
  amount_fen bigint not null,
  constraint line_funding_batch_id_line_id_source_id_pk PRIMARY KEY (batch_id, line_id, source_id),
  constraint line_funding_money CHECK ((amount_fen > 0)),
  constraint line_funding_line FOREIGN KEY (batch_id, line_id) REFERENCES payment_line(batch_id, id),
  constraint line_funding_source_id_funding_source_id_fk FOREIGN KEY (source_id) REFERENCES funding_source(id)
);
CREATE INDEX line_funding_line ON line_funding USING btree (line_id);

create table live_payment (
  subject_id uuid not null,
  disbursement_id uuid not null,
  batch_id uuid not null,
  line_id uuid not null,
  constraint live_payment_subject_id_disbursement_id_pk PRIMARY KEY (subject_id, disbursement_id)
);
CREATE INDEX live_payment_batch ON live_payment USING btree (batch_id);

create table mandate (
  id uuid not null default gen_random_uuid(),
  register text not null,
  subject_id uuid not null,
  agent_id uuid not null,
  kind text not null,
  powers text[] not null,
  from_day date not null,
  to_day date not null,
  document text,
  made_by text not null,
  made_at timestamp with time zone not null,
  ended_by text,
  ended_at timestamp with time zone,
  constraint mandate_pkey PRIMARY KEY (id),
  constraint mandate_days CHECK ((from_day <= to_day)),
  constraint mandate_kind CHECK ((kind = ANY (ARRAY['handler'::text, 'delegate'::text]))),
  constraint mandate_other CHECK ((agent_id <> subject_id))
);
CREATE INDEX mandate_agent ON mandate USING btree (agent_id);
CREATE UNIQUE INDEX mandate_live ON mandate USING btree (register, subject_id, agent_id) WHERE (ended_at IS NULL);

create table match (
  id uuid not null default gen_random_uuid(),
  item_id text not null,
  version integer not null,
  register text not null,
  subject_id uuid not null,
  division text,
  period_key text not null,
  sequence integer not null,
  kind text not null,
  verdict text not null,
  amount_fen bigint,
  lines jsonb not null,
  evidence jsonb not null,
  run_id uuid not null,
  previous_id uuid,
  created_at timestamp with time zone not null,
  constraint match_subject_id_id_pk PRIMARY KEY (subject_id, id),
  constraint match_sequence UNIQUE (subject_id, item_id, period_key, sequence),
  constraint match_kind CHECK ((kind = ANY (ARRAY['first'::text, 'changed'::text, 'continuing'::text, 'suspended'::text, 'resumed'::text, 'ended'::text]))),
  constraint match_money CHECK (((verdict = 'eligible'::text) OR (amount_fen IS NULL))),
  constraint match_verdict CHECK ((verdict = ANY (ARRAY['eligible'::text, 'ineligible'::text, 'undetermined'::text])))
);
CREATE INDEX match_id ON match USING btree (id);
CREATE INDEX match_item_period ON match USING btree (item_id, period_key, verdict);
CREATE INDEX match_newest ON match USING btree (created_at, id);
CREATE INDEX match_run ON match USING btree (run_id);
CREATE INDEX match_stop ON match USING btree (created_at) WHERE (kind = ANY (ARRAY['suspended'::text, 'ended'::text]));

create table message_choice (
  id bigint not null default nextval('message_choice_id_seq'::regclass),
  subject_id uuid not null,
  stop_push boolean not null,
  prefer text,
  actor text not null,
  role text not null,
  at timestamp with time zone not null,
  constraint message_choice_pkey PRIMARY KEY (id),
  constraint message_choice_prefer CHECK (((prefer IS NULL) OR (prefer = ANY (ARRAY['mail'::text, 'sms'::text, 'letter'::text]))))
);
CREATE INDEX message_choice_of ON message_choice USING btree (subject_id, id);

create table month_close (
  month text not null,
  statement jsonb not null,
  hash text not null,
  carried jsonb not null,
  reason text,
  closed_by text not null,
  closed_at timestamp with time zone not null,
  constraint month_close_pkey PRIMARY KEY (month),
  constraint month_close_month CHECK ((month ~ '^\d{4}-(0[1-9]|1[0-2])$'::text))
);

create table name_choice (
  dataset text not null,
  division text not null,
  norm text not null,
  subject_id uuid,
  by text not null,
  at timestamp with time zone not null,
  reason text not null,
  constraint name_choice_dataset_division_norm_pk PRIMARY KEY (dataset, division, norm)
);

create table name_list (
  delivery_id uuid not null,
  title text not null,
  number text,
  published_on date,
  valid_from date,
  valid_to date,
  constraint name_list_pkey PRIMARY KEY (delivery_id),
  constraint name_list_delivery_id_delivery_id_fk FOREIGN KEY (delivery_id) REFERENCES delivery(id)
);

create table named_relative (
  id uuid not null,
  "position" bigint not null default nextval('named_relative_position_seq'::regclass),
  subject_id uuid not null,
  relative text,
  actor text not null,
  role text not null,
  at timestamp with time zone not null,
  constraint named_relative_pkey PRIMARY KEY (id)
);
CREATE INDEX named_relative_of ON named_relative USING btree (subject_id, "position");

create table named_row (
  delivery_id uuid not null,
  line integer not null,
  dataset text not null,
  register text not null,
  division text not null,
  name text not null,
  norm text not null,
  state text not null,
  method text,
  subject_id uuid,
  candidates uuid[] not null default '{}'::uuid[],
  "row" text,
  settled_by text,
  settled_at timestamp with time zone,
  reason text,
  constraint named_row_delivery_id_line_pk PRIMARY KEY (delivery_id, line),
  constraint named_row_matched CHECK (((state <> ALL (ARRAY['matched'::text, 'settled'::text])) OR ((subject_id IS NOT NULL) AND (method IS NOT NULL)))),
  constraint named_row_settled CHECK (((state <> ALL (ARRAY['settled'::text, 'outside'::text])) OR (method = 'settled'::text))),
  constraint named_row_state CHECK ((state = ANY (ARRAY['matched'::text, 'open'::text, 'settled'::text, 'outside'::text, 'superseded'::text]))),
  constraint named_row_delivery_id_delivery_id_fk FOREIGN KEY (delivery_id) REFERENCES delivery(id)
);
CREATE INDEX named_row_dataset ON named_row USING btree (dataset, state);
CREATE INDEX named_row_subject ON named_row USING btree (subject_id, dataset);

create table notice (
  id uuid not null default gen_random_uuid(),
  dedupe text not null,
  subject_id uuid not null,
  item_id text not null,
  authority text not null,
  division text,
  match_id uuid,
  template text not null,
  channel text not null,
  address text,
  ways text not null,
  way integer not null default 0,
  tried integer not null default 0,
  duty text not null,
  entry boolean not null default false,
  wording text not null default 'shipped'::text,
  subject text not null,
  body text not null,
  short text not null,
  check_index text not null,
  amount_fen bigint,
  state text not null,
  attempts integer not null default 0,
  next_at timestamp with time zone not null,
  first_tried_at timestamp with time zone,
  message_id text not null,
  last_error text,
  created_at timestamp with time zone not null,
  sent_at timestamp with time zone,
  delivered_at timestamp with time zone,
  trialed_at timestamp with time zone,
  constraint notice_pkey PRIMARY KEY (id),
  constraint notice_check_index_unique UNIQUE (check_index),
  constraint notice_dedupe_unique UNIQUE (dedupe),
  constraint notice_message_id_unique UNIQUE (message_id),
  constraint notice_channel CHECK ((channel = ANY (ARRAY['mail'::text, 'sms'::text, 'inbox'::text, 'letter'::text, 'outbox'::text]))),
  constraint notice_duty CHECK ((duty = ANY (ARRAY['required'::text, 'courtesy'::text, 'push'::text]))),
  constraint notice_moments CHECK ((((state <> 'delivered'::text) OR (delivered_at IS NOT NULL)) AND ((state <> 'sent'::text) OR (sent_at IS NOT NULL)))),
  constraint notice_state CHECK ((state = ANY (ARRAY['pending'::text, 'sending'::text, 'sent'::text, 'delivered'::text, 'bounced'::text, 'dead'::text])))
);
CREATE INDEX notice_due ON notice USING btree (state, next_at);
CREATE INDEX notice_match ON notice USING btree (match_id);
CREATE INDEX notice_subject ON notice USING btree (subject_id);

create table notice_line (
  subject_id uuid not null,
  disbursement_id uuid not null,
  template text not null,
  notice_id uuid not null,
  since date not null default '0001-01-01'::date,
  constraint notice_line_subject_id_disbursement_id_template_since_pk PRIMARY KEY (subject_id, disbursement_id, template, since)
);

create table notice_try (
  id bigint not null default nextval('notice_try_id_seq'::regclass),
  notice_id uuid not null,
  attempt integer not null,
  channel text not null,
  outcome text not null,
  why text,
  at timestamp with time zone not null,
  constraint notice_try_pkey PRIMARY KEY (id),
  constraint notice_try_outcome CHECK ((outcome = ANY (ARRAY['claimed'::text, 'sent'::text, 'retry'::text, 'refused'::text, 'trial'::text, 'delivered'::text, 'bounced'::text, 'opened'::text, 'unopened'::text, 'ticked'::text, 'stranded'::text, 'again'::text])))
);
CREATE INDEX notice_try_of ON notice_try USING btree (notice_id);
CREATE INDEX notice_try_rate ON notice_try USING btree (channel, at) WHERE (outcome = 'claimed'::text);

create table notice_wording (
  id uuid not null default gen_random_uuid(),
  template text not null,
  authority text not null,
  item_id text not null default ''::text,
  version integer not null,
  content jsonb not null,
  maker text not null,
  made_at timestamp with time zone not null,
  checker text,
  published_at timestamp with time zone,
  constraint notice_wording_pkey PRIMARY KEY (id),
  constraint notice_wording_version UNIQUE (authority, item_id, template, version),
  constraint notice_wording_published CHECK (((checker IS NULL) = (published_at IS NULL))),
  constraint notice_wording_two_people CHECK (((checker IS NULL) OR (checker <> maker)))
);

create table objection (
  id uuid not null default gen_random_uuid(),
  subject_id uuid not null,
  disbursement_id uuid,
  item_id text not null,
  version integer,
  period_key text,
  about text,
  authority text not null,
  division text,
  kind text not null,
  objector bytea not null,
  text text not null,
  document text,
  state text not null,
  filed_by text not null,
  filed_at timestamp with time zone not null,
  due_on date,
  public_from date,
  public_to date,
  decided_by text,
  decided_at timestamp with time zone,
  reason text,
  constraint objection_pkey PRIMARY KEY (id),
  constraint objection_about CHECK ((((kind = 'human'::text) = (about IS NOT NULL)) AND ((kind = 'human'::text) OR (disbursement_id IS NOT NULL)) AND ((kind <> 'human'::text) OR ((version IS NOT NULL) AND (period_key IS NOT NULL) AND (about = ANY (ARRAY['ineligible'::text, 'undetermined'::text, 'amount'::text])))))),
  constraint objection_decided CHECK (((state = 'open'::text) = (decided_at IS NULL))),
  constraint objection_kind CHECK ((kind = ANY (ARRAY['public'::text, 'own'::text, 'human'::text]))),
  constraint objection_person CHECK (((state <> ALL (ARRAY['upheld'::text, 'rejected'::text])) OR ((decided_by IS NOT NULL) AND (reason IS NOT NULL)))),
  constraint objection_state_known CHECK ((state = ANY (ARRAY['open'::text, 'upheld'::text, 'rejected'::text, 'moot'::text])))
);
CREATE INDEX objection_filed_by ON objection USING btree (filed_by, filed_at);
CREATE UNIQUE INDEX objection_human_open ON objection USING btree (subject_id, item_id, period_key) WHERE ((kind = 'human'::text) AND (state = 'open'::text));
CREATE INDEX objection_of ON objection USING btree (disbursement_id);
CREATE INDEX objection_state ON objection USING btree (state, due_on);
CREATE INDEX objection_subject ON objection USING btree (subject_id);

create table office (
  id bigint not null default nextval('office_id_seq'::regclass),
  authority text not null,
  name text not null,
  phone text not null,
  address text not null,
  hours text not null,
  actor text not null,
  at timestamp with time zone not null,
  constraint office_pkey PRIMARY KEY (id)
);
CREATE INDEX office_of ON office USING btree (authority, id);

create table owed_notice (
  id uuid not null default gen_random_uuid(),
  subject_id uuid not null,
  item_id text not null,
  version integer not null,
  match_id uuid,
  disbursement_id uuid,
  objection_id uuid,
  template text not null,
  detail jsonb not null,
  at timestamp with time zone not null,
  notice_id uuid,
  constraint owed_notice_pkey PRIMARY KEY (id)
);
CREATE INDEX owed_notice_of ON owed_notice USING btree (disbursement_id);
CREATE INDEX owed_notice_open ON owed_notice USING btree (subject_id, id) WHERE (notice_id IS NULL);
CREATE INDEX owed_notice_subject ON owed_notice USING btree (subject_id, item_id);

create table payee_account (
  account_index text not null,
  subject_id uuid not null,
  holder_subject_id uuid not null,
  source text not null,
  state text not null,
  method text,
  evidence jsonb,
  first_seen_at timestamp with time zone not null,
  checked_at timestamp with time zone,
  constraint payee_account_account_index_subject_id_pk PRIMARY KEY (account_index, subject_id),
  constraint payee_account_evidence CHECK (((state = 'unverified'::text) = (evidence IS NULL))),
  constraint payee_account_state CHECK ((state = ANY (ARRAY['unverified'::text, 'pending'::text, 'verified'::text, 'failed'::text])))
);

create table payment_calendar (
  id uuid not null default gen_random_uuid(),
  kind text not null,
  item_id text,
  period_key text,
  from_day date not null,
  to_day date not null,
  reason text,
  created_at timestamp with time zone not null,
  created_by text not null,
  ended_at timestamp with time zone,
  ended_by text,
  constraint payment_calendar_pkey PRIMARY KEY (id),
  constraint payment_calendar_days_order CHECK (((from_day <= to_day) AND ((kind = 'freeze'::text) OR (from_day = to_day)))),
  constraint payment_calendar_freeze_all CHECK (((kind = 'pay'::text) OR ((item_id IS NULL) AND (period_key IS NULL)))),
  constraint payment_calendar_kind CHECK ((kind = ANY (ARRAY['pay'::text, 'freeze'::text])))
);
CREATE INDEX payment_calendar_days ON payment_calendar USING btree (kind, from_day);

create table payment_file (
  id uuid not null default gen_random_uuid(),
  batch_id uuid,
  direction text not null,
  format text not null,
  name text not null,
  sha256 text not null,
  manifest jsonb not null,
  at timestamp with time zone not null,
  by text not null,
  constraint payment_file_pkey PRIMARY KEY (id),
  constraint payment_file_once UNIQUE (direction, sha256),
  constraint payment_file_direction CHECK ((direction = ANY (ARRAY['out'::text, 'in'::text])))
);
CREATE INDEX payment_file_batch ON payment_file USING btree (batch_id);

create table payment_line (
  id uuid not null default gen_random_uuid(),
  batch_id uuid not null,
  "position" integer not null,
  subject_id uuid not null,
  disbursement_id uuid not null,
  settlement_line_id uuid not null,
  key text not null,
  item_id text not null,
  period_key text not null,
  year integer not null,
  division text,
  payee_subject_id uuid,
  payee_name text not null,
  account bytea not null,
  account_index text not null,
  bank text not null,
  bank_code text not null,
  amount_fen bigint not null,
  statement_text text not null,
  end_to_end_id text not null,
  replaces uuid,
  guards jsonb not null,
  hash text not null,
  constraint payment_line_batch_id_id_pk PRIMARY KEY (batch_id, id),
  constraint payment_line_end_to_end_id_unique UNIQUE (end_to_end_id),
  constraint payment_line_position UNIQUE (batch_id, "position"),
  constraint payment_line_money CHECK ((amount_fen > 0)),
  constraint payment_line_batch_id_batch_id_fk FOREIGN KEY (batch_id) REFERENCES batch(id)
);
CREATE INDEX payment_line_account ON payment_line USING btree (account_index);
CREATE INDEX payment_line_disbursement ON payment_line USING btree (disbursement_id);
CREATE UNIQUE INDEX payment_line_replaces ON payment_line USING btree (replaces) WHERE (replaces IS NOT NULL);
CREATE INDEX payment_line_subject ON payment_line USING btree (subject_id);

create table posting (
  id bigint not null default nextval('posting_id_seq'::regclass),
  transaction text not null,
  account text not null,
  amount_fen bigint not null,
  kind text not null,
  item_id text not null,
  year integer not null,
  subject_id uuid,
  period_key text,
  line_id uuid,
  object_key text,
  at timestamp with time zone not null,
  constraint posting_pkey PRIMARY KEY (id),
  constraint posting_once UNIQUE (transaction, account),
  constraint posting_kind CHECK ((kind = ANY (ARRAY['appropriate'::text, 'reserve'::text, 'commit'::text, 'pay'::text, 'release'::text, 'restore'::text, 'import'::text, 'recover'::text, 'offset'::text])))
);
CREATE INDEX posting_account ON posting USING btree (account);
CREATE INDEX posting_line ON posting USING btree (line_id);
CREATE INDEX posting_subject ON posting USING btree (subject_id, item_id);

create table profile_look (
  id bigint not null default nextval('profile_look_id_seq'::regclass),
  subject_id uuid not null,
  actor text not null,
  role text not null,
  reason text not null,
  order_number text not null,
  view text not null,
  item_id text,
  facts text[] not null,
  at timestamp with time zone not null,
  constraint profile_look_subject_id_id_pk PRIMARY KEY (subject_id, id)
);
CREATE INDEX profile_look_actor ON profile_look USING btree (actor, at);

create table rate_limit (
  id text not null,
  key text not null,
  count integer not null,
  last_request bigint not null,
  constraint rate_limit_pkey PRIMARY KEY (id),
  constraint rate_limit_key_unique UNIQUE (key)
);

create table rating (
  id uuid not null default gen_random_uuid(),
  subject_id uuid not null,
  disbursement_id uuid not null,
  match_id uuid not null,
  item_id text not null,
  version integer not null,
  authority text not null,
  division text,
  stars integer not null,
  reason text,
  rated_by text not null,
  rated_at timestamp with time zone not null,
  due_on date,
  answer text,
  answered_by text,
  answered_at timestamp with time zone,
  constraint rating_pkey PRIMARY KEY (id),
  constraint rating_answered CHECK ((((answer IS NULL) = (answered_by IS NULL)) AND ((answer IS NULL) = (answered_at IS NULL)) AND ((answered_by IS NULL) OR (answered_by <> rated_by)))),
  constraint rating_low CHECK (((stars > 2) OR (reason IS NOT NULL))),
  constraint rating_stars CHECK (((stars >= 1) AND (stars <= 5)))
);
CREATE INDEX rating_item ON rating USING btree (item_id, rated_at);
CREATE UNIQUE INDEX rating_once ON rating USING btree (subject_id, disbursement_id);
CREATE INDEX rating_open ON rating USING btree (due_on) WHERE ((stars <= 2) AND (answer IS NULL));

create table readiness (
  item_id text not null,
  period_key text not null,
  sequence integer not null,
  version integer not null,
  period_start date,
  period_end date not null,
  state text not null,
  waits jsonb not null,
  record jsonb,
  known_at date not null,
  at timestamp with time zone not null,
  constraint readiness_item_id_period_key_sequence_pk PRIMARY KEY (item_id, period_key, sequence),
  constraint readiness_state CHECK ((state = ANY (ARRAY['ready'::text, 'waiting'::text, 'not-triggered'::text])))
);

create table record (
  register text not null,
  subject_id uuid not null default gen_random_uuid(),
  key text not null,
  ordinal integer not null,
  name text,
  division text,
  moves jsonb,
  revision bigint not null,
  constraint record_register_subject_id_pk PRIMARY KEY (register, subject_id),
  constraint record_key UNIQUE (register, key),
  constraint record_ordinal UNIQUE (register, ordinal)
);
CREATE INDEX record_revision ON record USING btree (revision);

create table record_part (
  register text not null,
  subject_id uuid not null,
  dataset text not null,
  as_of date not null,
  delivery_id uuid not null,
  refused date,
  cells jsonb not null,
  revision bigint not null,
  constraint record_part_register_subject_id_dataset_pk PRIMARY KEY (register, subject_id, dataset)
);
CREATE INDEX record_part_revision ON record_part USING btree (revision);

create table recovery (
  id uuid not null default gen_random_uuid(),
  subject_id uuid not null,
  item_id text not null,
  version integer not null,
  match_id uuid not null,
  authority text not null,
  division text,
  period_key text not null,
  key text not null,
  year integer not null,
  amount_fen bigint not null,
  settled_fen bigint not null default 0,
  reason text,
  clause text,
  state text not null,
  found_at timestamp with time zone not null,
  tell_by date,
  opened_by text,
  opened_at timestamp with time zone,
  due_on date,
  closed_at timestamp with time zone,
  revision integer not null default 0,
  constraint recovery_pkey PRIMARY KEY (id),
  constraint recovery_closed CHECK (((state <> 'closed'::text) OR (settled_fen = amount_fen))),
  constraint recovery_money CHECK (((amount_fen > 0) AND (settled_fen >= 0) AND (settled_fen <= amount_fen))),
  constraint recovery_person CHECK (((state = ANY (ARRAY['proposed'::text, 'dropped'::text])) OR ((opened_by IS NOT NULL) AND (reason IS NOT NULL)))),
  constraint recovery_state_known CHECK ((state = ANY (ARRAY['proposed'::text, 'open'::text, 'closed'::text, 'dropped'::text])))
);
CREATE UNIQUE INDEX recovery_live ON recovery USING btree (subject_id, item_id, period_key, key) WHERE (state = ANY (ARRAY['proposed'::text, 'open'::text]));
CREATE INDEX recovery_state ON recovery USING btree (state, due_on);

create table recovery_entry (
  id bigint not null default nextval('recovery_entry_id_seq'::regclass),
  recovery_id uuid not null,
  kind text not null,
  amount_fen bigint not null,
  reference text not null,
  dedupe text not null,
  actor text not null,
  at timestamp with time zone not null,
  constraint recovery_entry_pkey PRIMARY KEY (id),
  constraint recovery_entry_dedupe_unique UNIQUE (dedupe),
  constraint recovery_entry_kind CHECK ((kind = ANY (ARRAY['paid'::text, 'written-off'::text, 'offset'::text]))),
  constraint recovery_entry_money CHECK ((amount_fen > 0)),
  constraint recovery_entry_recovery_id_recovery_id_fk FOREIGN KEY (recovery_id) REFERENCES recovery(id)
);
CREATE INDEX recovery_entry_of ON recovery_entry USING btree (recovery_id);
CREATE INDEX recovery_entry_offset ON recovery_entry USING btree (reference) WHERE (kind = 'offset'::text);

create table recovery_funding (
  dedupe text not null,
  source_id uuid not null,
  line_id uuid not null,
  way text not null,
  amount_fen bigint not null,
  at timestamp with time zone not null,
  constraint recovery_funding_dedupe_source_id_line_id_way_pk PRIMARY KEY (dedupe, source_id, line_id, way),
  constraint recovery_funding_money CHECK ((amount_fen > 0)),
  constraint recovery_funding_way CHECK ((way = ANY (ARRAY['back'::text, 'taken'::text])))
);
CREATE INDEX recovery_funding_line ON recovery_funding USING btree (line_id);
CREATE INDEX recovery_funding_source ON recovery_funding USING btree (source_id);

create table recovery_plan (
  recovery_id uuid not null,
  "position" integer not null,
  due_on date not null,
  amount_fen bigint not null,
  constraint recovery_plan_recovery_id_position_pk PRIMARY KEY (recovery_id, "position"),
  constraint recovery_plan_money CHECK ((amount_fen > 0)),
  constraint recovery_plan_recovery_id_recovery_id_fk FOREIGN KEY (recovery_id) REFERENCES recovery(id)
);

create table review_vote (
  subject_id uuid not null,
  disbursement_id uuid not null,
  round bigint not null,
  level integer not null,
  person text not null,
  decision text not null,
  reason text,
  at timestamp with time zone not null,
  constraint review_vote_subject_id_disbursement_id_round_person_pk PRIMARY KEY (subject_id, disbursement_id, round, person),
  constraint review_vote_decision CHECK ((decision = ANY (ARRAY['pass'::text, 'return'::text, 'refuse'::text]))),
  constraint review_vote_reason CHECK (((decision = 'pass'::text) OR (reason IS NOT NULL)))
);

create table run (
  id uuid not null default gen_random_uuid(),
  snapshot_id text not null,
  known_at date not null,
  ledger_cut bigint not null,
  sequence bigint not null default nextval('run_sequence_seq'::regclass),
  state text not null,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint run_pkey PRIMARY KEY (id),
  constraint run_snapshot_id_snapshot_id_fk FOREIGN KEY (snapshot_id) REFERENCES snapshot(id)
);

create table run_item (
  run_id uuid not null,
  item_id text not null,
  version integer not null,
  period_key text not null,
  period_start date,
  period_end date not null,
  state text not null,
  eligible integer not null default 0,
  undetermined integer not null default 0,
  ineligible integer not null default 0,
  amount_fen bigint not null default 0,
  written jsonb,
  stopped text,
  brake jsonb,
  terms jsonb,
  constraint run_item_run_id_item_id_version_period_key_pk PRIMARY KEY (run_id, item_id, version, period_key),
  constraint run_item_run_id_run_id_fk FOREIGN KEY (run_id) REFERENCES run(id)
);

create table schema_migration (
  name text not null,
  sha256 text not null,
  applied_at timestamp with time zone not null default now(),
  constraint schema_migration_pkey PRIMARY KEY (name)
);

create table segment (
  hash text not null,
  bytes bytea not null,
  constraint segment_pkey PRIMARY KEY (hash)
);

create table session (
  id text not null,
  expires_at timestamp with time zone not null,
  token text not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  ip_address text,
  user_agent text,
  user_id text not null,
  impersonated_by text,
  constraint session_pkey PRIMARY KEY (id),
  constraint session_token_unique UNIQUE (token),
  constraint session_user_id_user_id_fk FOREIGN KEY (user_id) REFERENCES "user"(id) ON DELETE CASCADE
);

create table setting (
  key text not null,
  value jsonb not null,
  at timestamp with time zone not null,
  constraint setting_pkey PRIMARY KEY (key)
);

create table settled_run (
  run_id uuid not null,
  item_id text not null,
  at timestamp with time zone not null,
  constraint settled_run_run_id_item_id_pk PRIMARY KEY (run_id, item_id)
);

create table settlement_line (
  id uuid not null default gen_random_uuid(),
  subject_id uuid not null,
  match_id uuid not null,
  match_kind text not null,
  item_id text not null,
  version integer not null,
  division text,
  authority text not null,
  period_key text not null,
  year integer not null,
  budget_year integer not null,
  key text not null,
  part integer not null default 1,
  gross_fen bigint not null,
  granted_fen bigint not null,
  entitled_fen bigint not null default 0,
  wanted_fen bigint not null default 0,
  quota_fen bigint,
  decide_on date,
  recover_fen bigint not null default 0,
  state text not null,
  reasons jsonb not null,
  order_key text not null,
  blocked_on text,
  reconsider boolean not null default false,
  handed_on boolean not null default false,
  stop_id uuid,
  created_at timestamp with time zone not null,
  constraint settlement_line_subject_id_id_pk PRIMARY KEY (subject_id, id),
  constraint settlement_line_money CHECK (((granted_fen >= 0) AND (granted_fen <= gross_fen) AND (recover_fen >= 0))),
  constraint settlement_line_promise CHECK (((state = ANY (ARRAY['granted'::text, 'reduced'::text, 'parked'::text, 'superseded'::text, 'withdrawn'::text])) OR (granted_fen = 0))),
  constraint settlement_line_state CHECK ((state = ANY (ARRAY['granted'::text, 'reduced'::text, 'parked'::text, 'refused'::text, 'waiting'::text, 'blocked'::text, 'superseded'::text, 'suspended'::text, 'ended'::text, 'withdrawn'::text])))
);
CREATE INDEX settlement_line_again ON settlement_line USING btree (item_id) WHERE reconsider;
CREATE INDEX settlement_line_blocked ON settlement_line USING btree (blocked_on) WHERE (blocked_on IS NOT NULL);
CREATE INDEX settlement_line_decide ON settlement_line USING btree (decide_on) WHERE ((state = 'waiting'::text) AND (decide_on IS NOT NULL));
CREATE INDEX settlement_line_item ON settlement_line USING btree (item_id, period_key, subject_id);
CREATE UNIQUE INDEX settlement_line_live ON settlement_line USING btree (subject_id, item_id, period_key, key, part) WHERE (state = ANY (ARRAY['granted'::text, 'reduced'::text, 'parked'::text]));
CREATE INDEX settlement_line_match ON settlement_line USING btree (subject_id, match_id, key);
CREATE UNIQUE INDEX settlement_line_once ON settlement_line USING btree (subject_id, match_id, key, part) WHERE (state <> 'superseded'::text);
CREATE INDEX settlement_line_quota ON settlement_line USING btree (item_id) WHERE ((quota_fen IS NOT NULL) AND (state = 'waiting'::text));
CREATE INDEX settlement_line_recover ON settlement_line USING btree (subject_id) WHERE (recover_fen > 0);
CREATE INDEX settlement_line_state ON settlement_line USING btree (state, item_id);
CREATE INDEX settlement_line_unfilled ON settlement_line USING btree (subject_id, id) WHERE ((NOT handed_on) AND (granted_fen > 0));
CREATE INDEX settlement_line_waiting ON settlement_line USING btree (blocked_on, order_key) WHERE (state = ANY (ARRAY['waiting'::text, 'parked'::text]));

create table sign_in_attempt (
  key text not null,
  failures integer not null,
  locked_until timestamp with time zone,
  at timestamp with time zone not null,
  constraint sign_in_attempt_pkey PRIMARY KEY (key)
);

create table snapshot (
  id text not null,
  known_at date not null,
  catalogue_hash text not null,
  counts jsonb not null,
  parent_id text,
  basis jsonb,
  sealed_at timestamp with time zone not null,
  sequence bigint not null default nextval('snapshot_sequence_seq'::regclass),
  constraint snapshot_pkey PRIMARY KEY (id),
  constraint snapshot_parent_id_snapshot_id_fk FOREIGN KEY (parent_id) REFERENCES snapshot(id)
);

create table snapshot_hold (
  id uuid not null default gen_random_uuid(),
  first_day date not null,
  last_day date not null,
  reason text not null,
  held_by text not null,
  held_at timestamp with time zone not null,
  lifted_by text,
  lifted_at timestamp with time zone,
  lift_reason text,
  constraint snapshot_hold_pkey PRIMARY KEY (id),
  constraint snapshot_hold_days CHECK ((first_day <= last_day)),
  constraint snapshot_hold_lifted CHECK ((((lifted_by IS NULL) = (lifted_at IS NULL)) AND ((lifted_at IS NULL) = (lift_reason IS NULL)))),
  constraint snapshot_hold_reason CHECK ((length(reason) > 1))
);

create table snapshot_removal (
  snapshot_id text not null,
  days integer not null,
  removed_on date not null,
  removed_at timestamp with time zone not null,
  segments integer not null,
  bytes bigint not null,
  constraint snapshot_removal_pkey PRIMARY KEY (snapshot_id),
  constraint snapshot_removal_snapshot_id_snapshot_id_fk FOREIGN KEY (snapshot_id) REFERENCES snapshot(id)
);

create table snapshot_segment (
  snapshot_id text not null,
  register text not null,
  block integer not null,
  "column" text not null,
  hash text not null,
  constraint snapshot_segment_snapshot_id_register_block_column_pk PRIMARY KEY (snapshot_id, register, block, "column"),
  constraint snapshot_segment_hash_segment_hash_fk FOREIGN KEY (hash) REFERENCES segment(hash),
  constraint snapshot_segment_snapshot_id_snapshot_id_fk FOREIGN KEY (snapshot_id) REFERENCES snapshot(id)
);
CREATE INDEX snapshot_segment_hash ON snapshot_segment USING btree (hash);

create table staff_scope (
  user_id text not null,
  roles text[] not null,
  authorities text[] not null,
  divisions text[] not null,
  items text[] not null,
  left_at timestamp with time zone,
  constraint staff_scope_pkey PRIMARY KEY (user_id),
  constraint staff_scope_apart CHECK (((cardinality(roles) = 1) OR (NOT (roles && ARRAY['admin'::text, 'auditor'::text])))),
  constraint staff_scope_finance CHECK ((((((('finance-maker'::text = ANY (roles)))::integer + (('finance-checker'::text = ANY (roles)))::integer) + (('finance-head'::text = ANY (roles)))::integer) + (('finance-issuer'::text = ANY (roles)))::integer) <= 1)),
  constraint staff_scope_review CHECK ((NOT (('reviewer'::text = ANY (roles)) AND (roles && ARRAY['finance-checker'::text, 'finance-head'::text, 'finance-issuer'::text]))))
);

create table staff_tie (
  user_id text not null,
  kind text not null,
  target text not null,
  at timestamp with time zone not null,
  by text not null,
  constraint staff_tie_user_id_kind_target_pk PRIMARY KEY (user_id, kind, target),
  constraint staff_tie_kind CHECK ((kind = ANY (ARRAY['self'::text, 'relative'::text, 'home'::text])))
);

create table step_up (
  session_id text not null,
  user_id text not null,
  at timestamp with time zone not null,
  constraint step_up_pkey PRIMARY KEY (session_id)
);

create table stop_order (
  id uuid not null,
  subject_id uuid not null,
  item_id text not null,
  version integer not null,
  match_id uuid not null,
  authority text not null,
  division text,
  kind text not null,
  last_on date not null,
  reason text not null,
  document text,
  people integer not null,
  state text not null,
  asked_by text not null,
  asked_at timestamp with time zone not null,
  confirmed_by text,
  confirmed_at timestamp with time zone,
  closed_by text,
  closed_at timestamp with time zone,
  close_reason text,
  close_document text,
  constraint stop_order_pkey PRIMARY KEY (id),
  constraint stop_order_closed CHECK (((state = ANY (ARRAY['refused'::text, 'lifted'::text])) = (closed_at IS NOT NULL))),
  constraint stop_order_kind CHECK ((kind = ANY (ARRAY['death'::text, 'moved'::text, 'not-entitled'::text, 'other'::text]))),
  constraint stop_order_lifted CHECK (((state <> 'lifted'::text) OR ((closed_by <> asked_by) AND (close_reason IS NOT NULL)))),
  constraint stop_order_ordered CHECK (((state <> ALL (ARRAY['standing'::text, 'lifted'::text])) OR (document IS NOT NULL))),
  constraint stop_order_people CHECK ((people = ANY (ARRAY[1, 2]))),
  constraint stop_order_second CHECK (((state <> ALL (ARRAY['standing'::text, 'lifted'::text])) OR (people = 1) OR (confirmed_by IS NOT NULL))),
  constraint stop_order_state_known CHECK ((state = ANY (ARRAY['proposed'::text, 'asked'::text, 'standing'::text, 'refused'::text, 'lifted'::text]))),
  constraint stop_order_two CHECK (((confirmed_by IS NULL) OR (confirmed_by <> asked_by)))
);
CREATE UNIQUE INDEX stop_order_live ON stop_order USING btree (subject_id, item_id) WHERE (state = ANY (ARRAY['proposed'::text, 'asked'::text, 'standing'::text]));
CREATE INDEX stop_order_state ON stop_order USING btree (state, asked_at);

create table suspense (
  id uuid not null default gen_random_uuid(),
  file_id uuid not null,
  "position" integer not null,
  reference text not null,
  kind text not null,
  amount_fen bigint,
  why text not null,
  at timestamp with time zone not null,
  settled_at timestamp with time zone,
  settled_by text,
  reason text,
  constraint suspense_pkey PRIMARY KEY (id),
  constraint suspense_once UNIQUE (file_id, "position")
);

create table ticket (
  id uuid not null default gen_random_uuid(),
  department text not null,
  dataset text not null,
  register text not null,
  subject_id uuid not null,
  division text,
  fact text not null,
  attestation_id uuid,
  told bytea,
  document text,
  item_id text,
  version integer,
  due_on date,
  question text not null,
  state text not null,
  opened_at timestamp with time zone not null,
  opened_by text not null,
  answer text,
  answered_at timestamp with time zone,
  answered_by text,
  outcome text,
  settled_at timestamp with time zone,
  settled_by text,
  constraint ticket_pkey PRIMARY KEY (id),
  constraint ticket_attestation_id_unique UNIQUE (attestation_id),
  constraint ticket_answer CHECK ((((answer IS NULL) = (answered_by IS NULL)) AND ((state <> 'answered'::text) OR (answer IS NOT NULL)))),
  constraint ticket_asked CHECK ((((attestation_id IS NULL) = (told IS NOT NULL)) AND ((told IS NULL) OR (item_id IS NOT NULL)))),
  constraint ticket_outcome CHECK (((state = 'settled'::text) = (outcome IS NOT NULL))),
  constraint ticket_outcome_kind CHECK (((outcome IS NULL) OR (outcome = ANY (ARRAY['corrected'::text, 'kept'::text, 'dropped'::text])))),
  constraint ticket_state CHECK ((state = ANY (ARRAY['open'::text, 'answered'::text, 'settled'::text])))
);
CREATE INDEX ticket_department ON ticket USING btree (department, state, opened_at);
CREATE INDEX ticket_subject ON ticket USING btree (subject_id);
CREATE UNIQUE INDEX ticket_told_open ON ticket USING btree (subject_id, register, fact, dataset) WHERE ((told IS NOT NULL) AND (state <> 'settled'::text));

create table two_factor (
  id text not null,
  secret text not null,
  backup_codes text not null,
  user_id text not null,
  verified boolean default true,
  failed_verification_count integer default 0,
  locked_until timestamp with time zone,
  constraint two_factor_pkey PRIMARY KEY (id),
  constraint two_factor_user_id_user_id_fk FOREIGN KEY (user_id) REFERENCES "user"(id) ON DELETE CASCADE
);

create table undetermined_count (
  run_id uuid not null,
  item_id text not null,
  period_key text not null,
  fact text not null,
  dataset text not null,
  reason text not null,
  subjects integer not null,
  constraint undetermined_count_run_id_item_id_period_key_fact_dataset_reaso PRIMARY KEY (run_id, item_id, period_key, fact, dataset, reason)
);

create table upload (
  id uuid not null default gen_random_uuid(),
  owner text not null,
  key text not null,
  request jsonb not null,
  bytes bigint not null,
  received bigint not null default 0,
  state text not null,
  delivery_id uuid,
  opened_at timestamp with time zone not null,
  touched_at timestamp with time zone not null,
  constraint upload_pkey PRIMARY KEY (id),
  constraint upload_key UNIQUE (owner, key),
  constraint upload_done CHECK (((state <> 'done'::text) OR (delivery_id IS NOT NULL))),
  constraint upload_received CHECK ((((received >= 0) AND (received <= bytes)) AND ((state <> ALL (ARRAY['complete'::text, 'done'::text])) OR (received = bytes)))),
  constraint upload_state CHECK ((state = ANY (ARRAY['open'::text, 'complete'::text, 'done'::text, 'abandoned'::text])))
);

create table upload_chunk (
  upload_id uuid not null,
  "position" bigint not null,
  bytes bytea not null,
  constraint upload_chunk_upload_id_position_pk PRIMARY KEY (upload_id, "position")
);

create table used_code (
  user_id text not null,
  hash text not null,
  at timestamp with time zone not null,
  constraint used_code_user_id_hash_pk PRIMARY KEY (user_id, hash)
);

create table user (
  id text not null,
  name text not null,
  email text not null,
  email_verified boolean not null default false,
  image text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  username text,
  display_username text,
  two_factor_enabled boolean default false,
  role text,
  banned boolean default false,
  ban_reason text,
  ban_expires timestamp with time zone,
  constraint user_pkey PRIMARY KEY (id),
  constraint user_email_unique UNIQUE (email),
  constraint user_username_unique UNIQUE (username)
);

create table verification (
  id text not null,
  identifier text not null,
  value text not null,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint verification_pkey PRIMARY KEY (id)
);

create table visit (
  id uuid not null default gen_random_uuid(),
  token_hash text not null,
  way text not null,
  person_id uuid,
  person_name text,
  register text,
  subject_id uuid,
  "as" text,
  powers text[] not null,
  started_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint visit_pkey PRIMARY KEY (id),
  constraint visit_for CHECK ((((subject_id IS NULL) = ("as" IS NULL)) AND ((subject_id IS NULL) = (register IS NULL)))),
  constraint visit_way CHECK ((way = ANY (ARRAY['oidc'::text, 'link'::text, 'demo'::text])))
);
CREATE INDEX visit_of ON visit USING btree (subject_id, started_at);
CREATE UNIQUE INDEX visit_token ON visit USING btree (token_hash);

create table work (
  step text not null,
  shard text not null,
  token bigint not null,
  owner text,
  lease_until timestamp with time zone,
  attempts integer not null default 0,
  cursor jsonb,
  done_at timestamp with time zone,
  constraint work_step_shard_pk PRIMARY KEY (step, shard)
);

create table write_off (
  id uuid not null default gen_random_uuid(),
  recovery_id uuid not null,
  amount_fen bigint not null,
  reason text not null,
  state text not null,
  asked_by text not null,
  asked_at timestamp with time zone not null,
  first_by text,
  second_by text,
  decided_at timestamp with time zone,
  constraint write_off_pkey PRIMARY KEY (id),
  constraint write_off_approved CHECK (((state <> 'approved'::text) OR ((first_by IS NOT NULL) AND (second_by IS NOT NULL)))),
  constraint write_off_money CHECK ((amount_fen > 0)),
  constraint write_off_people CHECK ((((first_by IS NULL) OR (first_by <> asked_by)) AND ((second_by IS NULL) OR ((first_by IS NOT NULL) AND (second_by <> first_by) AND (second_by <> asked_by))))),
  constraint write_off_state CHECK ((state = ANY (ARRAY['asked'::text, 'approved'::text, 'refused'::text]))),
  constraint write_off_recovery_id_recovery_id_fk FOREIGN KEY (recovery_id) REFERENCES recovery(id)
);
CREATE UNIQUE INDEX write_off_open ON write_off USING btree (recovery_id) WHERE (state = 'asked'::text);

create table year_close (
  item_id text not null,
  year integer not null,
  way text not null,
  reason text not null,
  closed_by text not null,
  closed_at timestamp with time zone not null,
  constraint year_close_item_id_year_pk PRIMARY KEY (item_id, year),
  constraint year_close_way CHECK ((way = ANY (ARRAY['carry'::text, 'release'::text])))
);

create table yearly_told (
  subject_id uuid not null,
  authority text not null,
  year integer not null,
  at timestamp with time zone not null,
  constraint yearly_told_subject_id_authority_year_pk PRIMARY KEY (subject_id, authority, year)
);

CREATE OR REPLACE FUNCTION public.assert_invariants()
 RETURNS TABLE(invariant integer, message text, example text)
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.envelope_content(sealed bytea)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$
  SELECT octet_length(sealed) - 6 - get_byte(sealed, 1) - CASE get_byte(sealed, 0) WHEN 1 THEN 12 + 16 ELSE 16 + 32 END
$function$;

CREATE OR REPLACE FUNCTION public.envelope_head(sealed text)
 RETURNS bytea
 LANGUAGE sql
 IMMUTABLE
AS $function$
  SELECT CASE WHEN left(sealed, 24) ~ '^[A-Za-z0-9+/]{24}$' THEN decode(left(sealed, 24), 'base64') END
$function$;

CREATE OR REPLACE FUNCTION public.envelope_key(sealed bytea)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  SELECT CASE WHEN octet_length(sealed) >= 8 AND get_byte(sealed, 0) IN (1, 2) AND get_byte(sealed, 1) BETWEEN 2 AND 7
      AND encode(substr(sealed, 3, get_byte(sealed, 1)), 'escape') ~ '^k[0-9]+$'
    THEN encode(substr(sealed, 3, get_byte(sealed, 1)), 'escape') END
$function$;

CREATE OR REPLACE FUNCTION public.record_statistics_miss_a_register()
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  WITH RECURSIVE known(id) AS (
    SELECT min(r.register) FROM record r
    UNION ALL
    SELECT (SELECT min(r.register) FROM record r WHERE r.register > k.id) FROM known k WHERE k.id IS NOT NULL
  ), sized AS (
    SELECT k.id, (SELECT max(r.ordinal) + 1 FROM record r WHERE r.register = k.id) AS n FROM known k WHERE k.id IS NOT NULL
  )
  SELECT EXISTS (
    SELECT FROM sized s WHERE s.n > 200 AND s.n > (SELECT sum(t.n) FROM sized t) / 100 AND s.id <> ALL (coalesce((
      SELECT most_common_vals::text::text[] FROM pg_stats WHERE schemaname = 'public' AND tablename = 'record' AND attname = 'register'), '{}')))
$function$;

CREATE OR REPLACE FUNCTION public.refresh_record_statistics()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
DECLARE
  one regclass;
BEGIN
  -- Somebody else is looking already: no need to wait for him and look again.
  IF NOT pg_try_advisory_xact_lock(72012) THEN
    RETURN;
  END IF;
  FOREACH one IN ARRAY ARRAY['record'::regclass, 'record_part'::regclass] LOOP
    -- Only when the table has grown by half since its last look: each costs up to half a second.
    IF (SELECT pg_relation_size(one) / 8192 > 1.5 * greatest(relpages, 8) FROM pg_class WHERE oid = one)
      OR (one = 'record'::regclass AND record_statistics_miss_a_register()) THEN
      EXECUTE format('ANALYZE %s', one);
    END IF;
  END LOOP;
END $function$;

CREATE OR REPLACE FUNCTION public.remove_snapshot(gone text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
END $function$;

CREATE OR REPLACE FUNCTION public.reseal(target regclass, sealed_column text, path text[], given jsonb)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
END $function$;

CREATE OR REPLACE FUNCTION public.revive_snapshot(back text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
BEGIN
  DELETE FROM snapshot_removal r WHERE r.snapshot_id = back
    AND NOT EXISTS (SELECT FROM snapshot_segment w WHERE w.snapshot_id = back);
  RETURN FOUND;
END $function$;

grant delete, insert, select, update on account to zhixiang_app;
grant insert, select, update (decided_at), update (decided_by), update (reason), update (state) on account_check to zhixiang_app;
grant select on account_check to zhixiang_auditor;
grant insert, select on account_check_answer to zhixiang_app;
grant select on account_check_answer to zhixiang_auditor;
grant insert, select on account_check_row to zhixiang_app;
grant select on account_check_row to zhixiang_auditor;
grant insert, select on answer to zhixiang_app;
grant select on answer to zhixiang_auditor;
grant select, usage on answer_id_seq to zhixiang_app;
grant insert, select on application to zhixiang_app;
grant select on application to zhixiang_auditor;
grant select, usage on application_id_seq to zhixiang_app;
grant insert, select, update (against), update (against_as_of), update (close_reason), update (closed_at), update (closed_by), update (confirmed_at), update (confirmed_by), update (dispute), update (dispute_since), update (state) on attestation to zhixiang_app;
grant select on attestation to zhixiang_auditor;
grant insert, select on attested_document to zhixiang_app;
grant select on attested_document to zhixiang_auditor;
grant insert, select on audit_entry to zhixiang_app;
grant select on audit_entry to zhixiang_auditor;
grant select, usage on audit_entry_id_seq to zhixiang_app;
grant insert, select on audit_link to zhixiang_app;
grant select on audit_link to zhixiang_auditor;
grant delete, insert, select, update on balance to zhixiang_app;
grant select on balance to zhixiang_auditor;
grant insert, select, update (checkers_needed), update (file_sha256), update (offices_needed), update (reason), update (released_at), update (state) on batch to zhixiang_app;
grant select on batch to zhixiang_auditor;
grant insert, select on batch_exclusion to zhixiang_app;
grant select on batch_exclusion to zhixiang_auditor;
grant insert, select on batch_signature to zhixiang_app;
grant select on batch_signature to zhixiang_auditor;
grant delete, insert, select, update on block_result to zhixiang_app;
grant select on block_result to zhixiang_auditor;
grant delete, insert, select, update on budget to zhixiang_app;
grant select on budget to zhixiang_auditor;
grant insert, select on call_reply to zhixiang_app;
grant select on call_reply to zhixiang_auditor;
grant insert, select on case_document to zhixiang_app;
grant select on case_document to zhixiang_auditor;
grant insert, select on catalogue_version to zhixiang_app;
grant select on catalogue_version to zhixiang_auditor;
grant delete, insert, select, update on certification to zhixiang_app;
grant select on certification to zhixiang_auditor;
grant insert, select on certification_visit to zhixiang_app;
grant select on certification_visit to zhixiang_auditor;
grant select, usage on certification_visit_id_seq to zhixiang_app;
grant insert, select on choice to zhixiang_app;
grant select on choice to zhixiang_auditor;
grant select, usage on choice_id_seq to zhixiang_app;
grant insert, select on choice_told to zhixiang_app;
grant select on choice_told to zhixiang_auditor;
grant delete, insert, select, update on claim to zhixiang_app;
grant select on claim to zhixiang_auditor;
grant insert, select on closing to zhixiang_app;
grant select on closing to zhixiang_auditor;
grant insert, select on closing_row to zhixiang_app;
grant select on closing_row to zhixiang_auditor;
grant insert, select on column_mapping to zhixiang_app;
grant select on column_mapping to zhixiang_auditor;
grant delete, insert, select, update on comparison to zhixiang_app;
grant select on comparison to zhixiang_auditor;
grant insert, select on comparison_row to zhixiang_app;
grant select on comparison_row to zhixiang_auditor;
grant delete, insert, select, update on coverage to zhixiang_app;
grant select on coverage to zhixiang_auditor;
grant delete, insert, select, update on dataset_profile to zhixiang_app;
grant select on dataset_profile to zhixiang_auditor;
grant delete, insert, select, update on delivery to zhixiang_app;
grant select on delivery to zhixiang_auditor;
grant delete, insert, select, update on delivery_problem to zhixiang_app;
grant select on delivery_problem to zhixiang_auditor;
grant delete, insert, select, update on delivery_reminder to zhixiang_app;
grant select on delivery_reminder to zhixiang_auditor;
grant delete, insert, select, update on delivery_token to zhixiang_app;
grant delete, insert, select, update on department_view to zhixiang_app;
grant select on department_view to zhixiang_auditor;
grant delete, insert, select, update on desk_assignment to zhixiang_app;
grant select on desk_assignment to zhixiang_auditor;
grant insert, select on desk_decision to zhixiang_app;
grant select on desk_decision to zhixiang_auditor;
grant delete, insert, select, update on disbursement to zhixiang_app;
grant select on disbursement to zhixiang_auditor;
grant insert, select on disbursement_event to zhixiang_app;
grant select on disbursement_event to zhixiang_auditor;
grant select, usage on disbursement_event_id_seq to zhixiang_app;
grant delete, insert, select, update on entry_link to zhixiang_app;
grant select on entry_link to zhixiang_auditor;
grant insert, select on exclusive_choice to zhixiang_app;
grant select on exclusive_choice to zhixiang_auditor;
grant select, usage on exclusive_choice_id_seq to zhixiang_app;
grant insert, select, update (confirmed_at), update (confirmed_by), update (end_reason), update (ended_at), update (ended_by) on freeze_period to zhixiang_app;
grant select on freeze_period to zhixiang_auditor;
grant insert, select on freshness_decision to zhixiang_app;
grant select on freshness_decision to zhixiang_auditor;
grant select, usage on freshness_decision_sequence_seq to zhixiang_app;
grant insert, select, update (ended_at), update (ended_by) on funding_source to zhixiang_app;
grant select on funding_source to zhixiang_auditor;
grant insert, select, update (close_reason), update (closed_at), update (closed_by), update (decided_at), update (decided_by), update (state) on heir to zhixiang_app;
grant select on heir to zhixiang_auditor;
grant delete, insert, select, update on item_opening to zhixiang_app;
grant select on item_opening to zhixiang_auditor;
grant delete, insert, select, update on item_review to zhixiang_app;
grant select on item_review to zhixiang_auditor;
grant insert, select, update (retired_at) on item_version to zhixiang_app;
grant select on item_version to zhixiang_auditor;
grant delete, insert, select, update on job_run to zhixiang_app;
grant select on job_run to zhixiang_auditor;
grant select, usage on job_run_id_seq to zhixiang_app;
grant delete, insert, select, update on kept_chunk to zhixiang_app;
grant delete, insert, select, update on kept_file to zhixiang_app;
grant select on kept_file to zhixiang_auditor;
grant delete, insert, select, update on kept_report to zhixiang_app;
grant select on kept_report to zhixiang_auditor;
grant insert, select on line_event to zhixiang_app;
grant select on line_event to zhixiang_auditor;
grant select, usage on line_event_id_seq to zhixiang_app;
grant insert, select on line_funding to zhixiang_app;
grant select on line_funding to zhixiang_auditor;
grant delete, insert, select, update on live_payment to zhixiang_app;
grant select on live_payment to zhixiang_auditor;
grant delete, insert, select, update on mandate to zhixiang_app;
grant select on mandate to zhixiang_auditor;
grant insert, select on match to zhixiang_app;
grant select on match to zhixiang_auditor;
grant insert, select on message_choice to zhixiang_app;
grant select on message_choice to zhixiang_auditor;
grant select, usage on message_choice_id_seq to zhixiang_app;
grant insert, select on month_close to zhixiang_app;
grant select on month_close to zhixiang_auditor;
grant delete, insert, select, update on name_choice to zhixiang_app;
grant select on name_choice to zhixiang_auditor;
grant insert, select on name_list to zhixiang_app;
grant select on name_list to zhixiang_auditor;
grant insert, select on named_relative to zhixiang_app;
grant select on named_relative to zhixiang_auditor;
grant select, usage on named_relative_position_seq to zhixiang_app;
grant delete, insert, select, update on named_row to zhixiang_app;
grant select on named_row to zhixiang_auditor;
grant delete, insert, select, update on notice to zhixiang_app;
grant select on notice to zhixiang_auditor;
grant insert, select on notice_line to zhixiang_app;
grant select on notice_line to zhixiang_auditor;
grant insert, select on notice_try to zhixiang_app;
grant select on notice_try to zhixiang_auditor;
grant select, usage on notice_try_id_seq to zhixiang_app;
grant insert, select, update (checker), update (published_at) on notice_wording to zhixiang_app;
grant select on notice_wording to zhixiang_auditor;
grant delete, insert, select, update on objection to zhixiang_app;
grant select on objection to zhixiang_auditor;
grant insert, select on office to zhixiang_app;
grant select on office to zhixiang_auditor;
grant select, usage on office_id_seq to zhixiang_app;
grant delete, insert, select, update on owed_notice to zhixiang_app;
grant select on owed_notice to zhixiang_auditor;
grant delete, insert, select, update on payee_account to zhixiang_app;
grant select on payee_account to zhixiang_auditor;
grant insert, select, update (ended_at), update (ended_by) on payment_calendar to zhixiang_app;
grant select on payment_calendar to zhixiang_auditor;
grant insert, select on payment_file to zhixiang_app;
grant select on payment_file to zhixiang_auditor;
grant insert, select on payment_line to zhixiang_app;
grant select on payment_line to zhixiang_auditor;
grant insert, select on posting to zhixiang_app;
grant select on posting to zhixiang_auditor;
grant select, usage on posting_id_seq to zhixiang_app;
grant insert, select on profile_look to zhixiang_app;
grant select on profile_look to zhixiang_auditor;
grant select, usage on profile_look_id_seq to zhixiang_app;
grant delete, insert, select, update on rate_limit to zhixiang_app;
grant insert, select, update (answer), update (answered_at), update (answered_by) on rating to zhixiang_app;
grant select on rating to zhixiang_auditor;
grant insert, select on readiness to zhixiang_app;
grant select on readiness to zhixiang_auditor;
grant delete, insert, select, update on record to zhixiang_app;
grant select on record to zhixiang_auditor;
grant delete, insert, select, update on record_part to zhixiang_app;
grant select on record_part to zhixiang_auditor;
grant delete, insert, select, update on recovery to zhixiang_app;
grant select on recovery to zhixiang_auditor;
grant insert, select on recovery_entry to zhixiang_app;
grant select on recovery_entry to zhixiang_auditor;
grant select, usage on recovery_entry_id_seq to zhixiang_app;
grant insert, select on recovery_funding to zhixiang_app;
grant select on recovery_funding to zhixiang_auditor;
grant delete, insert, select, update on recovery_plan to zhixiang_app;
grant select on recovery_plan to zhixiang_auditor;
grant insert, select on review_vote to zhixiang_app;
grant select on review_vote to zhixiang_auditor;
grant delete, insert, select, update on run to zhixiang_app;
grant select on run to zhixiang_auditor;
grant delete, insert, select, update on run_item to zhixiang_app;
grant select on run_item to zhixiang_auditor;
grant select, usage on run_sequence_seq to zhixiang_app;
grant select on schema_migration to zhixiang_app;
grant select on schema_migration to zhixiang_auditor;
grant insert, select on segment to zhixiang_app;
grant select on segment to zhixiang_auditor;
grant delete, insert, select, update on session to zhixiang_app;
grant delete, insert, select, update on setting to zhixiang_app;
grant insert, select on settled_run to zhixiang_app;
grant select on settled_run to zhixiang_auditor;
grant delete, insert, select, update on settlement_line to zhixiang_app;
grant select on settlement_line to zhixiang_auditor;
grant delete, insert, select, update on sign_in_attempt to zhixiang_app;
grant select on sign_in_attempt to zhixiang_auditor;
grant insert, select on snapshot to zhixiang_app;
grant select on snapshot to zhixiang_auditor;
grant insert, select, update (lift_reason), update (lifted_at), update (lifted_by) on snapshot_hold to zhixiang_app;
grant select on snapshot_hold to zhixiang_auditor;
grant insert, select on snapshot_removal to zhixiang_app;
grant select on snapshot_removal to zhixiang_auditor;
grant insert, select on snapshot_segment to zhixiang_app;
grant select on snapshot_segment to zhixiang_auditor;
grant select, usage on snapshot_sequence_seq to zhixiang_app;
grant delete, insert, select, update on staff_scope to zhixiang_app;
grant select on staff_scope to zhixiang_auditor;
grant delete, insert, select, update on staff_tie to zhixiang_app;
grant select on staff_tie to zhixiang_auditor;
grant delete, insert, select, update on step_up to zhixiang_app;
grant select on step_up to zhixiang_auditor;
grant insert, select, update (asked_at), update (asked_by), update (close_document), update (close_reason), update (closed_at), update (closed_by), update (confirmed_at), update (confirmed_by), update (document), update (kind), update (last_on), update (people), update (reason), update (state) on stop_order to zhixiang_app;
grant select on stop_order to zhixiang_auditor;
grant insert, select, update (reason), update (settled_at), update (settled_by) on suspense to zhixiang_app;
grant select on suspense to zhixiang_auditor;
grant delete, insert, select, update on ticket to zhixiang_app;
grant select on ticket to zhixiang_auditor;
grant delete, insert, select, update on two_factor to zhixiang_app;
grant delete, insert, select, update on undetermined_count to zhixiang_app;
grant select on undetermined_count to zhixiang_auditor;
grant delete, insert, select, update on upload to zhixiang_app;
grant select on upload to zhixiang_auditor;
grant delete, insert, select, update on upload_chunk to zhixiang_app;
grant delete, insert, select, update on used_code to zhixiang_app;
grant delete, insert, select, update on user to zhixiang_app;
grant select on user to zhixiang_auditor;
grant delete, insert, select, update on verification to zhixiang_app;
grant delete, insert, select, update on visit to zhixiang_app;
grant select on visit to zhixiang_auditor;
grant delete, insert, select, update on work to zhixiang_app;
grant select on work to zhixiang_auditor;
grant delete, insert, select, update on write_off to zhixiang_app;
grant select on write_off to zhixiang_auditor;
grant insert, select on year_close to zhixiang_app;
grant select on year_close to zhixiang_auditor;
grant insert, select on yearly_told to zhixiang_app;
grant select on yearly_told to zhixiang_auditor;

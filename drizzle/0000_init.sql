-- Generated from src/db/*schema.ts by `npm run -s db:generate`; do not edit while nothing is released.
CREATE TABLE "account" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"user_id" text NOT NULL,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp with time zone,
	"refresh_token_expires_at" timestamp with time zone,
	"scope" text,
	"password" text,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);

CREATE TABLE "rate_limit" (
	"id" text PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"count" integer NOT NULL,
	"last_request" bigint NOT NULL,
	CONSTRAINT "rate_limit_key_unique" UNIQUE("key")
);

CREATE TABLE "session" (
	"id" text PRIMARY KEY NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"token" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"user_id" text NOT NULL,
	"impersonated_by" text,
	CONSTRAINT "session_token_unique" UNIQUE("token")
);

CREATE TABLE "sign_in_attempt" (
	"key" text PRIMARY KEY NOT NULL,
	"failures" integer NOT NULL,
	"locked_until" timestamp with time zone,
	"at" timestamp with time zone NOT NULL
);

CREATE TABLE "step_up" (
	"session_id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);

CREATE TABLE "two_factor" (
	"id" text PRIMARY KEY NOT NULL,
	"secret" text NOT NULL,
	"backup_codes" text NOT NULL,
	"user_id" text NOT NULL,
	"verified" boolean DEFAULT true,
	"failed_verification_count" integer DEFAULT 0,
	"locked_until" timestamp with time zone
);

CREATE TABLE "used_code" (
	"user_id" text NOT NULL,
	"hash" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "used_code_user_id_hash_pk" PRIMARY KEY("user_id","hash")
);

CREATE TABLE "user" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"username" text,
	"display_username" text,
	"two_factor_enabled" boolean DEFAULT false,
	"role" text,
	"banned" boolean DEFAULT false,
	"ban_reason" text,
	"ban_expires" timestamp with time zone,
	CONSTRAINT "user_email_unique" UNIQUE("email"),
	CONSTRAINT "user_username_unique" UNIQUE("username")
);

CREATE TABLE "verification" (
	"id" text PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);

CREATE TABLE "certification" (
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"subject_id" uuid NOT NULL,
	"item_id" text NOT NULL,
	"version" integer NOT NULL,
	"register" text NOT NULL,
	"authority" text NOT NULL,
	"division" text,
	"match_id" uuid NOT NULL,
	"code" text NOT NULL,
	"anchor_on" date NOT NULL,
	"opened_on" date NOT NULL,
	"due_on" date NOT NULL,
	"visit_from" date,
	"suspended_on" date,
	"reminded" integer DEFAULT 0 NOT NULL,
	"state" text NOT NULL,
	"certified_on" date,
	"how" text,
	"evidence" jsonb,
	"decided_by" text,
	"at" timestamp with time zone NOT NULL,
	"revision" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "certification_subject_id_id_pk" PRIMARY KEY("subject_id","id"),
	CONSTRAINT "certification_state" CHECK ("certification"."state" in ('open','visiting','suspended','deceased','certified','void')),
	CONSTRAINT "certification_seen" CHECK (("certification"."state" = 'certified') = ("certification"."certified_on" is not null and "certification"."how" is not null)),
	CONSTRAINT "certification_person" CHECK ("certification"."state" <> 'deceased' or "certification"."decided_by" is not null),
	CONSTRAINT "certification_by" CHECK ("certification"."how" is null or ("certification"."how" = 'trace') = ("certification"."decided_by" is null)),
	CONSTRAINT "certification_suspended" CHECK ("certification"."state" <> 'suspended' or "certification"."suspended_on" is not null)
);

CREATE TABLE "certification_visit" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"subject_id" uuid NOT NULL,
	"certification_id" uuid NOT NULL,
	"result" text NOT NULL,
	"way" text NOT NULL,
	"visited_on" date NOT NULL,
	"visitor" text NOT NULL,
	"note" text,
	"document" text,
	"died_on" date,
	"actor" text NOT NULL,
	"role" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "certification_visit_result" CHECK ("certification_visit"."result" in ('met','not-met','moved','deceased')),
	CONSTRAINT "certification_visit_way" CHECK ("certification_visit"."way" in ('home','counter','video')),
	CONSTRAINT "certification_visit_evidence" CHECK ("certification_visit"."note" is not null or "certification_visit"."document" is not null),
	CONSTRAINT "certification_visit_died" CHECK (("certification_visit"."result" = 'deceased') = ("certification_visit"."died_on" is not null))
);

CREATE TABLE "choice_told" (
	"subject_id" uuid NOT NULL,
	"choice_key" text NOT NULL,
	"offer" text NOT NULL,
	"template" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "choice_told_subject_id_choice_key_offer_template_pk" PRIMARY KEY("subject_id","choice_key","offer","template")
);

CREATE TABLE "month_close" (
	"month" text PRIMARY KEY NOT NULL,
	"statement" jsonb NOT NULL,
	"hash" text NOT NULL,
	"carried" jsonb NOT NULL,
	"reason" text,
	"closed_by" text NOT NULL,
	"closed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "month_close_month" CHECK ("month_close"."month" ~ '^\d{4}-(0[1-9]|1[0-2])$')
);

CREATE TABLE "year_close" (
	"item_id" text NOT NULL,
	"year" integer NOT NULL,
	"way" text NOT NULL,
	"reason" text NOT NULL,
	"closed_by" text NOT NULL,
	"closed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "year_close_item_id_year_pk" PRIMARY KEY("item_id","year"),
	CONSTRAINT "year_close_way" CHECK ("year_close"."way" in ('carry','release'))
);

CREATE TABLE "freeze_period" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"acts" text[] NOT NULL,
	"from_at" timestamp with time zone NOT NULL,
	"to_at" timestamp with time zone NOT NULL,
	"reason" text NOT NULL,
	"proposed_by" text NOT NULL,
	"proposed_at" timestamp with time zone NOT NULL,
	"confirmed_by" text,
	"confirmed_at" timestamp with time zone,
	"ended_by" text,
	"ended_at" timestamp with time zone,
	"end_reason" text,
	CONSTRAINT "freeze_period_order" CHECK ("freeze_period"."from_at" < "freeze_period"."to_at"),
	CONSTRAINT "freeze_period_acts" CHECK (cardinality("freeze_period"."acts") > 0 and "freeze_period"."acts" <@ array['seal', 'release', 'publish']),
	CONSTRAINT "freeze_period_two" CHECK ("freeze_period"."confirmed_by" <> "freeze_period"."proposed_by" and ("freeze_period"."confirmed_by" is null) = ("freeze_period"."confirmed_at" is null)),
	CONSTRAINT "freeze_period_lift" CHECK ("freeze_period"."ended_by" is null or "freeze_period"."confirmed_by" is null or "freeze_period"."ended_by" <> "freeze_period"."proposed_by")
);

CREATE TABLE "job_run" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"asked_by" text,
	"started_at" timestamp with time zone NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"outcome" text NOT NULL,
	"line" text,
	"code" text,
	"message" text,
	"hint" text,
	"share" real,
	"doing" text,
	"stop_asked_by" text,
	CONSTRAINT "job_run_known" CHECK ("job_run"."outcome" in ('running','done','idle','failed','lost','stopped')),
	CONSTRAINT "job_run_over" CHECK (("job_run"."outcome" = 'running') = ("job_run"."ended_at" is null)),
	CONSTRAINT "job_run_share" CHECK ("job_run"."share" between 0 and 1),
	CONSTRAINT "job_run_why" CHECK (("job_run"."outcome" = 'failed') = ("job_run"."code" is not null))
);

CREATE TABLE "kept_report" (
	"kind" text NOT NULL,
	"scope" text NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"took_ms" integer NOT NULL,
	"known_at" date NOT NULL,
	"mark" text NOT NULL,
	"report" text NOT NULL,
	CONSTRAINT "kept_report_kind_scope_pk" PRIMARY KEY("kind","scope")
);

CREATE TABLE "answer" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"subject_id" uuid NOT NULL,
	"disbursement_id" uuid NOT NULL,
	"item_id" text NOT NULL,
	"key" text NOT NULL,
	"field" text NOT NULL,
	"value" text,
	"document" text,
	"actor" text NOT NULL,
	"role" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "answer_something" CHECK ("answer"."field" = 'account' or ("answer"."value" is null) <> ("answer"."document" is null))
);

CREATE TABLE "application" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"subject_id" uuid NOT NULL,
	"disbursement_id" uuid NOT NULL,
	"attachments" jsonb NOT NULL,
	"actor" text NOT NULL,
	"role" text NOT NULL,
	"review_by" date,
	"at" timestamp with time zone NOT NULL
);

CREATE TABLE "case_document" (
	"sha256" text PRIMARY KEY NOT NULL,
	"media_type" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);

CREATE TABLE "desk_assignment" (
	"queue" text NOT NULL,
	"object_id" uuid NOT NULL,
	"subject_id" uuid NOT NULL,
	"taken_by" text,
	"taken_at" timestamp with time zone NOT NULL,
	"due_on" date,
	"version" integer NOT NULL,
	CONSTRAINT "desk_assignment_subject_id_queue_object_id_pk" PRIMARY KEY("subject_id","queue","object_id"),
	CONSTRAINT "desk_assignment_version" CHECK ("desk_assignment"."version" >= 1),
	CONSTRAINT "desk_assignment_due" CHECK ("desk_assignment"."taken_by" is not null or "desk_assignment"."due_on" is null)
);

CREATE TABLE "desk_decision" (
	"subject_id" uuid NOT NULL,
	"queue" text NOT NULL,
	"object_id" uuid NOT NULL,
	"version" text NOT NULL,
	"revision" integer,
	"decision" text NOT NULL,
	"reason" text NOT NULL,
	"file" text NOT NULL,
	"actor" text NOT NULL,
	"role" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "desk_decision_subject_id_queue_object_id_version_pk" PRIMARY KEY("subject_id","queue","object_id","version"),
	CONSTRAINT "desk_decision_reason" CHECK (length("desk_decision"."reason") >= 2)
);

CREATE TABLE "owed_notice" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"subject_id" uuid NOT NULL,
	"item_id" text NOT NULL,
	"version" integer NOT NULL,
	"match_id" uuid,
	"disbursement_id" uuid,
	"objection_id" uuid,
	"template" text NOT NULL,
	"detail" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"notice_id" uuid
);

CREATE TABLE "recovery" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"subject_id" uuid NOT NULL,
	"item_id" text NOT NULL,
	"version" integer NOT NULL,
	"match_id" uuid NOT NULL,
	"authority" text NOT NULL,
	"division" text,
	"period_key" text NOT NULL,
	"key" text NOT NULL,
	"year" integer NOT NULL,
	"amount_fen" bigint NOT NULL,
	"settled_fen" bigint DEFAULT 0 NOT NULL,
	"reason" text,
	"clause" text,
	"state" text NOT NULL,
	"found_at" timestamp with time zone NOT NULL,
	"tell_by" date,
	"opened_by" text,
	"opened_at" timestamp with time zone,
	"due_on" date,
	"closed_at" timestamp with time zone,
	"revision" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "recovery_state_known" CHECK ("recovery"."state" in ('proposed','open','closed','dropped')),
	CONSTRAINT "recovery_money" CHECK ("recovery"."amount_fen" > 0 and "recovery"."settled_fen" >= 0 and "recovery"."settled_fen" <= "recovery"."amount_fen"),
	CONSTRAINT "recovery_person" CHECK ("recovery"."state" in ('proposed','dropped') or ("recovery"."opened_by" is not null and "recovery"."reason" is not null)),
	CONSTRAINT "recovery_closed" CHECK ("recovery"."state" <> 'closed' or "recovery"."settled_fen" = "recovery"."amount_fen")
);

CREATE TABLE "recovery_entry" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"recovery_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"amount_fen" bigint NOT NULL,
	"reference" text NOT NULL,
	"dedupe" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "recovery_entry_dedupe_unique" UNIQUE("dedupe"),
	CONSTRAINT "recovery_entry_kind" CHECK ("recovery_entry"."kind" in ('paid','written-off','offset')),
	CONSTRAINT "recovery_entry_money" CHECK ("recovery_entry"."amount_fen" > 0)
);

CREATE TABLE "recovery_plan" (
	"recovery_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"due_on" date NOT NULL,
	"amount_fen" bigint NOT NULL,
	CONSTRAINT "recovery_plan_recovery_id_position_pk" PRIMARY KEY("recovery_id","position"),
	CONSTRAINT "recovery_plan_money" CHECK ("recovery_plan"."amount_fen" > 0)
);

CREATE TABLE "review_vote" (
	"subject_id" uuid NOT NULL,
	"disbursement_id" uuid NOT NULL,
	"round" bigint NOT NULL,
	"level" integer NOT NULL,
	"person" text NOT NULL,
	"decision" text NOT NULL,
	"reason" text,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "review_vote_subject_id_disbursement_id_round_person_pk" PRIMARY KEY("subject_id","disbursement_id","round","person"),
	CONSTRAINT "review_vote_decision" CHECK ("review_vote"."decision" in ('pass','return','refuse')),
	CONSTRAINT "review_vote_reason" CHECK ("review_vote"."decision" = 'pass' or "review_vote"."reason" is not null)
);

CREATE TABLE "write_off" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"recovery_id" uuid NOT NULL,
	"amount_fen" bigint NOT NULL,
	"reason" text NOT NULL,
	"state" text NOT NULL,
	"asked_by" text NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"first_by" text,
	"second_by" text,
	"decided_at" timestamp with time zone,
	CONSTRAINT "write_off_state" CHECK ("write_off"."state" in ('asked','approved','refused')),
	CONSTRAINT "write_off_money" CHECK ("write_off"."amount_fen" > 0),
	CONSTRAINT "write_off_people" CHECK (("write_off"."first_by" is null or "write_off"."first_by" <> "write_off"."asked_by") and ("write_off"."second_by" is null or ("write_off"."first_by" is not null and "write_off"."second_by" <> "write_off"."first_by" and "write_off"."second_by" <> "write_off"."asked_by"))),
	CONSTRAINT "write_off_approved" CHECK ("write_off"."state" <> 'approved' or ("write_off"."first_by" is not null and "write_off"."second_by" is not null))
);

CREATE TABLE "message_choice" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"subject_id" uuid NOT NULL,
	"stop_push" boolean NOT NULL,
	"prefer" text,
	"actor" text NOT NULL,
	"role" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "message_choice_prefer" CHECK ("message_choice"."prefer" is null or "message_choice"."prefer" in ('mail','sms','letter'))
);

CREATE TABLE "named_relative" (
	"id" uuid PRIMARY KEY NOT NULL,
	"position" bigserial NOT NULL,
	"subject_id" uuid NOT NULL,
	"relative" text,
	"actor" text NOT NULL,
	"role" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);

CREATE TABLE "notice_try" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"notice_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"channel" text NOT NULL,
	"outcome" text NOT NULL,
	"why" text,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "notice_try_outcome" CHECK ("notice_try"."outcome" in ('claimed','sent','retry','refused','trial','delivered','bounced','opened','unopened','ticked','stranded','again'))
);

CREATE TABLE "notice_wording" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"template" text NOT NULL,
	"authority" text NOT NULL,
	"item_id" text DEFAULT '' NOT NULL,
	"version" integer NOT NULL,
	"content" jsonb NOT NULL,
	"maker" text NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"checker" text,
	"published_at" timestamp with time zone,
	CONSTRAINT "notice_wording_version" UNIQUE("authority","item_id","template","version"),
	CONSTRAINT "notice_wording_two_people" CHECK ("notice_wording"."checker" is null or "notice_wording"."checker" <> "notice_wording"."maker"),
	CONSTRAINT "notice_wording_published" CHECK (("notice_wording"."checker" is null) = ("notice_wording"."published_at" is null))
);

CREATE TABLE "office" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"authority" text NOT NULL,
	"name" text NOT NULL,
	"phone" text NOT NULL,
	"address" text NOT NULL,
	"hours" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);

CREATE TABLE "yearly_told" (
	"subject_id" uuid NOT NULL,
	"authority" text NOT NULL,
	"year" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "yearly_told_subject_id_authority_year_pk" PRIMARY KEY("subject_id","authority","year")
);

CREATE TABLE "call_reply" (
	"subject_id" uuid NOT NULL,
	"order_number" text NOT NULL,
	"ordinal" integer NOT NULL,
	"item_id" text,
	"reply" "bytea" NOT NULL,
	"received_on" date NOT NULL,
	"due_on" date,
	"replied_by" text NOT NULL,
	"role" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "call_reply_subject_id_order_number_ordinal_pk" PRIMARY KEY("subject_id","order_number","ordinal"),
	CONSTRAINT "call_reply_ordinal" CHECK ("call_reply"."ordinal" >= 1),
	CONSTRAINT "call_reply_days" CHECK ("call_reply"."due_on" is null or "call_reply"."due_on" >= "call_reply"."received_on")
);

CREATE TABLE "objection" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"subject_id" uuid NOT NULL,
	"disbursement_id" uuid,
	"item_id" text NOT NULL,
	"version" integer,
	"period_key" text,
	"about" text,
	"authority" text NOT NULL,
	"division" text,
	"kind" text NOT NULL,
	"objector" "bytea" NOT NULL,
	"text" text NOT NULL,
	"document" text,
	"state" text NOT NULL,
	"filed_by" text NOT NULL,
	"filed_at" timestamp with time zone NOT NULL,
	"due_on" date,
	"public_from" date,
	"public_to" date,
	"decided_by" text,
	"decided_at" timestamp with time zone,
	"reason" text,
	CONSTRAINT "objection_kind" CHECK ("objection"."kind" in ('public','own','human')),
	CONSTRAINT "objection_about" CHECK (("objection"."kind" = 'human') = ("objection"."about" is not null) and ("objection"."kind" = 'human' or "objection"."disbursement_id" is not null) and ("objection"."kind" <> 'human' or ("objection"."version" is not null and "objection"."period_key" is not null and "objection"."about" in ('ineligible','undetermined','amount')))),
	CONSTRAINT "objection_state_known" CHECK ("objection"."state" in ('open','upheld','rejected','moot')),
	CONSTRAINT "objection_decided" CHECK (("objection"."state" = 'open') = ("objection"."decided_at" is null)),
	CONSTRAINT "objection_person" CHECK ("objection"."state" not in ('upheld','rejected') or ("objection"."decided_by" is not null and "objection"."reason" is not null))
);

CREATE TABLE "rating" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"subject_id" uuid NOT NULL,
	"disbursement_id" uuid NOT NULL,
	"match_id" uuid NOT NULL,
	"item_id" text NOT NULL,
	"version" integer NOT NULL,
	"authority" text NOT NULL,
	"division" text,
	"stars" integer NOT NULL,
	"reason" text,
	"rated_by" text NOT NULL,
	"rated_at" timestamp with time zone NOT NULL,
	"due_on" date,
	"answer" text,
	"answered_by" text,
	"answered_at" timestamp with time zone,
	CONSTRAINT "rating_stars" CHECK ("rating"."stars" between 1 and 5),
	CONSTRAINT "rating_low" CHECK ("rating"."stars" > 2 or "rating"."reason" is not null),
	CONSTRAINT "rating_answered" CHECK (("rating"."answer" is null) = ("rating"."answered_by" is null) and ("rating"."answer" is null) = ("rating"."answered_at" is null) and ("rating"."answered_by" is null or "rating"."answered_by" <> "rating"."rated_by"))
);

CREATE TABLE "account_check" (
	"id" uuid PRIMARY KEY NOT NULL,
	"method" text NOT NULL,
	"template" text NOT NULL,
	"state" text NOT NULL,
	"rows" integer NOT NULL,
	"total_fen" bigint NOT NULL,
	"file_sha256" text NOT NULL,
	"made_by" text NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"decided_by" text,
	"decided_at" timestamp with time zone,
	"reason" text,
	CONSTRAINT "account_check_method" CHECK ("account_check"."method" in ('small-amount','bank-file')),
	CONSTRAINT "account_check_state" CHECK ("account_check"."state" in ('made','released','cancelled')),
	CONSTRAINT "account_check_decided" CHECK (("account_check"."state" = 'made') = ("account_check"."decided_by" is null)),
	CONSTRAINT "account_check_two_people" CHECK ("account_check"."state" <> 'released' or "account_check"."decided_by" <> "account_check"."made_by")
);

CREATE TABLE "account_check_answer" (
	"check_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"answer" text NOT NULL,
	"words" text,
	"amount_fen" bigint,
	"file_sha256" text,
	"line" integer,
	"by" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "account_check_answer_check_id_position_answer_pk" PRIMARY KEY("check_id","position","answer"),
	CONSTRAINT "account_check_answer_kind" CHECK ("account_check_answer"."answer" in ('ok','name-differs','closed','amount-differs','unknown'))
);

CREATE TABLE "account_check_row" (
	"check_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"account_index" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"disbursement_id" uuid NOT NULL,
	"item_id" text NOT NULL,
	"authority" text NOT NULL,
	"division" text,
	"name" text NOT NULL,
	"tail" text NOT NULL,
	"amount_fen" bigint,
	CONSTRAINT "account_check_row_check_id_position_pk" PRIMARY KEY("check_id","position"),
	CONSTRAINT "account_check_row_account" UNIQUE("check_id","account_index","subject_id")
);

CREATE TABLE "attestation" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"register" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"division" text,
	"fact" text NOT NULL,
	"value" jsonb NOT NULL,
	"valid_from" date,
	"valid_to" date,
	"document_hash" text NOT NULL,
	"document_title" text NOT NULL,
	"reason" text NOT NULL,
	"as_of" date NOT NULL,
	"expires_on" date NOT NULL,
	"state" text NOT NULL,
	"entered_by" text NOT NULL,
	"entered_at" timestamp with time zone NOT NULL,
	"confirmed_by" text,
	"confirmed_at" timestamp with time zone,
	"against" text,
	"against_as_of" date,
	"dispute" text,
	"dispute_since" date,
	"closed_by" text,
	"closed_at" timestamp with time zone,
	"close_reason" text,
	CONSTRAINT "attestation_two_people" CHECK ("attestation"."confirmed_by" is null or "attestation"."confirmed_by" <> "attestation"."entered_by"),
	CONSTRAINT "attestation_state" CHECK ("attestation"."state" in ('entered','standing','refused','withdrawn','agreed','overruled','expired')),
	CONSTRAINT "attestation_confirmed" CHECK ("attestation"."state" not in ('standing','agreed','overruled') or "attestation"."confirmed_by" is not null),
	CONSTRAINT "attestation_dispute" CHECK ("attestation"."dispute" is null or "attestation"."dispute" in ('repeated','contradicted')),
	CONSTRAINT "attestation_expiry" CHECK ("attestation"."expires_on" >= "attestation"."as_of")
);

CREATE TABLE "attested_document" (
	"sha256" text PRIMARY KEY NOT NULL,
	"media_type" text NOT NULL,
	"stored_at" timestamp with time zone NOT NULL,
	"stored_by" text NOT NULL
);

CREATE TABLE "audit_entry" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"txid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"actor" text NOT NULL,
	"role" text NOT NULL,
	"scope" jsonb,
	"action" text NOT NULL,
	"object_kind" text NOT NULL,
	"object_id" text NOT NULL,
	"detail" jsonb NOT NULL,
	"reason" text,
	"hash" text NOT NULL
);

CREATE TABLE "audit_link" (
	"position" bigint PRIMARY KEY NOT NULL,
	"entry_id" bigint NOT NULL,
	"previous" text NOT NULL,
	"hash" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "audit_link_entry_id_unique" UNIQUE("entry_id")
);

CREATE TABLE "balance" (
	"account" text PRIMARY KEY NOT NULL,
	"amount_fen" bigint NOT NULL,
	"floor_fen" bigint,
	CONSTRAINT "balance_floor" CHECK ("balance"."floor_fen" is null or "balance"."amount_fen" >= "balance"."floor_fen")
);

CREATE TABLE "batch" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"item_id" text NOT NULL,
	"authority" text NOT NULL,
	"source_id" uuid NOT NULL,
	"period_key" text,
	"pay_on" date NOT NULL,
	"format" text NOT NULL,
	"number" text NOT NULL,
	"lines" integer NOT NULL,
	"total_fen" bigint NOT NULL,
	"hash" text NOT NULL,
	"state" text NOT NULL,
	"sealed_at" timestamp with time zone NOT NULL,
	"released_at" timestamp with time zone,
	"file_sha256" text,
	"reason" text,
	"checkers_needed" integer,
	"offices_needed" text[],
	CONSTRAINT "batch_number_unique" UNIQUE("number"),
	CONSTRAINT "batch_content" UNIQUE("id","hash"),
	CONSTRAINT "batch_quorum" CHECK ("batch"."state" not in ('approved','released','closed') or ("batch"."checkers_needed" >= 1 and "batch"."offices_needed" is not null)),
	CONSTRAINT "batch_state_known" CHECK ("batch"."state" in ('sealed','approved','released','cancelled','closed')),
	CONSTRAINT "batch_released" CHECK (("batch"."state" in ('released','closed')) = ("batch"."file_sha256" is not null))
);

CREATE TABLE "batch_exclusion" (
	"batch_id" uuid NOT NULL,
	"disbursement_id" uuid NOT NULL,
	"subject_id" uuid NOT NULL,
	"reasons" jsonb NOT NULL,
	CONSTRAINT "batch_exclusion_batch_id_disbursement_id_pk" PRIMARY KEY("batch_id","disbursement_id")
);

CREATE TABLE "batch_signature" (
	"batch_id" uuid NOT NULL,
	"person" text NOT NULL,
	"role" text NOT NULL,
	"office" text NOT NULL,
	"hash" text NOT NULL,
	"file_sha256" text,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "batch_signature_batch_id_person_pk" PRIMARY KEY("batch_id","person"),
	CONSTRAINT "batch_signature_role" CHECK ("batch_signature"."role" in ('maker','checker','issuer')),
	CONSTRAINT "batch_signature_office" CHECK ("batch_signature"."office" = 'finance-' || "batch_signature"."role" or ("batch_signature"."role" = 'checker' and "batch_signature"."office" = 'finance-head')),
	CONSTRAINT "batch_signature_file" CHECK (("batch_signature"."role" = 'issuer') = ("batch_signature"."file_sha256" is not null))
);

CREATE TABLE "block_result" (
	"item_id" text NOT NULL,
	"period_key" text NOT NULL,
	"register" text NOT NULL,
	"block" integer NOT NULL,
	"run_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"eligible" "bytea" NOT NULL,
	"undetermined" "bytea" NOT NULL,
	"state" "bytea",
	CONSTRAINT "block_result_item_id_period_key_register_block_pk" PRIMARY KEY("item_id","period_key","register","block")
);

CREATE TABLE "budget" (
	"id" text PRIMARY KEY NOT NULL,
	"item_id" text NOT NULL,
	"year" integer NOT NULL,
	"kind" text NOT NULL,
	"shared_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "budget_item_year" UNIQUE("item_id","year"),
	CONSTRAINT "budget_kind" CHECK ("budget"."kind" in ('limited','entitlement'))
);

CREATE TABLE "catalogue_version" (
	"number" integer PRIMARY KEY NOT NULL,
	"hash" text NOT NULL,
	"content" jsonb NOT NULL,
	"published_at" timestamp with time zone NOT NULL,
	"prepared_by" text NOT NULL,
	"published_by" text NOT NULL,
	CONSTRAINT "catalogue_version_hash_unique" UNIQUE("hash"),
	CONSTRAINT "catalogue_version_two_people" CHECK ("catalogue_version"."prepared_by" <> "catalogue_version"."published_by")
);

CREATE TABLE "choice" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"subject_id" uuid NOT NULL,
	"disbursement_id" uuid NOT NULL,
	"choice" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "choice_kind" CHECK ("choice"."choice" in ('confirmed','declined','deemed-waived','withdrawn'))
);

CREATE TABLE "claim" (
	"object_kind" text NOT NULL,
	"object_id" text NOT NULL,
	"claim_group" text NOT NULL,
	"period_key" text NOT NULL,
	"line_id" uuid,
	"subject_id" uuid,
	"item_id" text,
	"taken_at" timestamp with time zone,
	CONSTRAINT "claim_object_kind_object_id_claim_group_period_key_pk" PRIMARY KEY("object_kind","object_id","claim_group","period_key")
);

CREATE TABLE "closing" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"run_id" uuid NOT NULL,
	"item_id" text NOT NULL,
	"version" integer NOT NULL,
	"period_key" text NOT NULL,
	"fact" text NOT NULL,
	"hash" text NOT NULL,
	"exact" boolean NOT NULL,
	"totals" jsonb NOT NULL,
	"closed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "closing_run" UNIQUE("item_id","period_key","version","fact","run_id")
);

CREATE TABLE "closing_row" (
	"subject_id" uuid NOT NULL,
	"closing_id" uuid NOT NULL,
	"content" jsonb NOT NULL,
	CONSTRAINT "closing_row_subject_id_closing_id_pk" PRIMARY KEY("subject_id","closing_id")
);

CREATE TABLE "column_mapping" (
	"dataset" text NOT NULL,
	"version" integer NOT NULL,
	"labels" jsonb NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"made_by" text NOT NULL,
	CONSTRAINT "column_mapping_dataset_version_pk" PRIMARY KEY("dataset","version")
);

CREATE TABLE "comparison" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"item_id" text NOT NULL,
	"version" integer NOT NULL,
	"item_hash" text NOT NULL,
	"period_key" text NOT NULL,
	"period_start" date,
	"period_end" date NOT NULL,
	"register" text NOT NULL,
	"snapshot_id" text NOT NULL,
	"ledger_cut" bigint NOT NULL,
	"file_name" text NOT NULL,
	"sha256" text NOT NULL,
	"counts" jsonb NOT NULL,
	"made_by" text NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"accepted_by" text,
	"accepted_at" timestamp with time zone,
	"reason" text,
	CONSTRAINT "comparison_two_people" CHECK ("comparison"."accepted_by" is null or "comparison"."accepted_by" <> "comparison"."made_by")
);

CREATE TABLE "comparison_row" (
	"comparison_id" uuid NOT NULL,
	"line" integer NOT NULL,
	"subject_id" uuid,
	"ordinal" integer,
	"division" text,
	"village" text,
	"standing" text NOT NULL,
	"verdict" text,
	"listed_fen" bigint,
	"our_fen" bigint,
	"flags" text[] NOT NULL,
	"reasons" jsonb NOT NULL,
	"digest" text,
	"lines" jsonb,
	CONSTRAINT "comparison_row_comparison_id_line_pk" PRIMARY KEY("comparison_id","line"),
	CONSTRAINT "comparison_row_standing" CHECK ("comparison_row"."standing" in ('both','differs','listed','entitled','stranger'))
);

CREATE TABLE "coverage" (
	"dataset" text NOT NULL,
	"register" text NOT NULL,
	"division" text NOT NULL,
	"as_of" date NOT NULL,
	"delivery_id" uuid NOT NULL,
	"periods" text[] DEFAULT '{}' NOT NULL,
	CONSTRAINT "coverage_dataset_register_division_pk" PRIMARY KEY("dataset","register","division")
);

CREATE TABLE "dataset_profile" (
	"dataset" text NOT NULL,
	"as_of" date NOT NULL,
	"profile" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "dataset_profile_dataset_as_of_pk" PRIMARY KEY("dataset","as_of")
);

CREATE TABLE "delivery" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"dataset" text NOT NULL,
	"kind" text NOT NULL,
	"scope" jsonb NOT NULL,
	"as_of" date NOT NULL,
	"sha256" text NOT NULL,
	"file_name" text NOT NULL,
	"state" text NOT NULL,
	"rows_read" integer DEFAULT 0 NOT NULL,
	"rows_good" integer DEFAULT 0 NOT NULL,
	"rows_bad" integer DEFAULT 0 NOT NULL,
	"totals" jsonb,
	"received_at" timestamp with time zone NOT NULL,
	"received_by" text NOT NULL,
	"landed_at" timestamp with time zone,
	"held" jsonb,
	"decided_by" text,
	"decided_at" timestamp with time zone,
	"decision" text,
	CONSTRAINT "delivery_once" UNIQUE("dataset","sha256","as_of","kind","scope"),
	CONSTRAINT "delivery_kind" CHECK ("delivery"."kind" in ('full','changes','list')),
	CONSTRAINT "delivery_state" CHECK ("delivery"."state" in ('landing','landed','refused','held','accepted','rejected')),
	CONSTRAINT "delivery_decided" CHECK ("delivery"."state" not in ('accepted','rejected') or ("delivery"."decided_by" is not null and "delivery"."decision" is not null)),
	CONSTRAINT "delivery_two_people" CHECK ("delivery"."decided_by" is null or "delivery"."decided_by" <> "delivery"."received_by")
);

CREATE TABLE "delivery_problem" (
	"delivery_id" uuid NOT NULL,
	"line" integer NOT NULL,
	"column" text NOT NULL,
	"code" text NOT NULL,
	"masked" text NOT NULL,
	"message" text NOT NULL,
	"hint" text NOT NULL,
	"row" jsonb,
	CONSTRAINT "delivery_problem_delivery_id_line_column_code_pk" PRIMARY KEY("delivery_id","line","column","code")
);

CREATE TABLE "delivery_reminder" (
	"dataset" text NOT NULL,
	"division" text NOT NULL,
	"due_on" date NOT NULL,
	"level" integer NOT NULL,
	"role" text NOT NULL,
	"address" text,
	"subject" text NOT NULL,
	"body" text NOT NULL,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone NOT NULL,
	"message_id" text NOT NULL,
	"last_error" text,
	"created_at" timestamp with time zone NOT NULL,
	"sent_at" timestamp with time zone,
	CONSTRAINT "delivery_reminder_dataset_division_due_on_level_pk" PRIMARY KEY("dataset","division","due_on","level"),
	CONSTRAINT "delivery_reminder_message_id_unique" UNIQUE("message_id"),
	CONSTRAINT "delivery_reminder_state" CHECK ("delivery_reminder"."state" in ('shown','pending','sending','sent','bounced','dead'))
);

CREATE TABLE "delivery_token" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"hash" text NOT NULL,
	"dataset" text NOT NULL,
	"division" text,
	"label" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "delivery_token_hash_unique" UNIQUE("hash")
);

CREATE TABLE "department_view" (
	"name" text PRIMARY KEY NOT NULL,
	"dataset" text NOT NULL,
	"division" text,
	"kind" text NOT NULL,
	"address" text NOT NULL,
	"view" text NOT NULL,
	"watermark" text,
	"columns" jsonb,
	"position" text,
	"polled_at" timestamp with time zone,
	"problem" jsonb,
	"delivery_id" uuid,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "department_view_kind" CHECK ("department_view"."kind" in ('full','changes','list')),
	CONSTRAINT "department_view_watermark" CHECK (("department_view"."kind" = 'changes') = ("department_view"."watermark" is not null))
);

CREATE TABLE "disbursement" (
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"subject_id" uuid NOT NULL,
	"line_id" uuid,
	"match_id" uuid NOT NULL,
	"key" text DEFAULT '' NOT NULL,
	"part" integer DEFAULT 0 NOT NULL,
	"item_id" text NOT NULL,
	"version" integer NOT NULL,
	"authority" text NOT NULL,
	"period_key" text NOT NULL,
	"division" text,
	"match_kind" text NOT NULL,
	"payee_name" text,
	"payee_subject_id" uuid,
	"account" "bytea",
	"account_index" text,
	"bank" text,
	"bank_code" text,
	"amount_fen" bigint NOT NULL,
	"basis" jsonb NOT NULL,
	"statement_text" text NOT NULL,
	"gaps" text[] NOT NULL,
	"flow" text[] NOT NULL,
	"step" integer DEFAULT 0 NOT NULL,
	"state" text NOT NULL,
	"due_on" date,
	"window_from" date,
	"held_from" text,
	"hold_reason" text,
	"created_at" timestamp with time zone NOT NULL,
	"revision" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "disbursement_subject_id_id_pk" PRIMARY KEY("subject_id","id"),
	CONSTRAINT "disbursement_line" UNIQUE("subject_id","line_id","part"),
	CONSTRAINT "disbursement_account_sealed" CHECK (("disbursement"."account" is null) = ("disbursement"."account_index" is null)),
	CONSTRAINT "disbursement_money" CHECK (case when "disbursement"."line_id" is null then "disbursement"."amount_fen" = 0 else "disbursement"."amount_fen" > 0 end),
	CONSTRAINT "disbursement_held" CHECK (("disbursement"."state" = 'held') = ("disbursement"."held_from" is not null))
);

CREATE TABLE "disbursement_event" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"subject_id" uuid NOT NULL,
	"disbursement_id" uuid NOT NULL,
	"from_state" text,
	"to_state" text NOT NULL,
	"actor" text NOT NULL,
	"reason" text,
	"evidence" jsonb,
	"at" timestamp with time zone NOT NULL
);

CREATE TABLE "exclusive_choice" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"subject_id" uuid NOT NULL,
	"choice_key" text NOT NULL,
	"item_id" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);

CREATE TABLE "freshness_decision" (
	"id" uuid PRIMARY KEY NOT NULL,
	"item_id" text NOT NULL,
	"period_key" text NOT NULL,
	"dataset" text NOT NULL,
	"choice" text NOT NULL,
	"days" integer,
	"until" date NOT NULL,
	"as_of" date NOT NULL,
	"reason" text NOT NULL,
	"actor" text NOT NULL,
	"sequence" bigserial NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "freshness_decision_choice" CHECK (("freshness_decision"."choice" = 'extend' and "freshness_decision"."days" between 1 and 366) or ("freshness_decision"."choice" = 'wait' and "freshness_decision"."days" is null)),
	CONSTRAINT "freshness_decision_reason" CHECK (length("freshness_decision"."reason") > 0)
);

CREATE TABLE "funding_source" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"item_id" text NOT NULL,
	"year" integer NOT NULL,
	"document" text NOT NULL,
	"project_code" text NOT NULL,
	"subject_code" text NOT NULL,
	"nature" text NOT NULL,
	"payer_name" text NOT NULL,
	"payer_account" text NOT NULL,
	"payer_bank" text NOT NULL,
	"payer_bank_code" text NOT NULL,
	"format" text NOT NULL,
	"amount_fen" bigint NOT NULL,
	"level" text NOT NULL,
	"share_bp" integer,
	"rank" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" text NOT NULL,
	"ended_at" timestamp with time zone,
	"ended_by" text,
	CONSTRAINT "funding_source_nature" CHECK ("funding_source"."nature" in ('budget','transfer','insurance')),
	CONSTRAINT "funding_source_level" CHECK ("funding_source"."level" in ('central','province','city','county')),
	CONSTRAINT "funding_source_money" CHECK ("funding_source"."amount_fen" > 0 and "funding_source"."share_bp" between 1 and 10000)
);

CREATE TABLE "item_opening" (
	"item_id" text PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"from_day" date,
	"comparison_id" uuid,
	"maker" text NOT NULL,
	"checker" text,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "item_opening_state" CHECK ("item_opening"."state" in ('shadow','live')),
	CONSTRAINT "item_opening_live" CHECK ("item_opening"."state" = 'shadow' or ("item_opening"."from_day" is not null and "item_opening"."checker" is not null)),
	CONSTRAINT "item_opening_two_people" CHECK ("item_opening"."checker" is null or "item_opening"."maker" <> "item_opening"."checker")
);

CREATE TABLE "item_review" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"item_id" text NOT NULL,
	"title" text NOT NULL,
	"authority" text NOT NULL,
	"content" jsonb NOT NULL,
	"hash" text NOT NULL,
	"state" text NOT NULL,
	"maker" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"submitted_at" timestamp with time zone,
	"checker" text,
	"decided_at" timestamp with time zone,
	"reason" text,
	"version" integer,
	"warnings" jsonb NOT NULL,
	"effect" jsonb,
	"accepted_by" text,
	"document_sha256" text,
	"document_name" text,
	CONSTRAINT "item_review_two_people" CHECK ("item_review"."checker" is null or "item_review"."checker" <> "item_review"."maker")
);

CREATE TABLE "item_version" (
	"item_id" text NOT NULL,
	"version" integer NOT NULL,
	"hash" text NOT NULL,
	"content" jsonb NOT NULL,
	"maker" text NOT NULL,
	"checker" text NOT NULL,
	"blocked" text,
	"published_at" timestamp with time zone NOT NULL,
	"effective_from" date,
	"effective_to" date,
	"retired_at" timestamp with time zone,
	"document_sha256" text,
	CONSTRAINT "item_version_item_id_version_pk" PRIMARY KEY("item_id","version"),
	CONSTRAINT "item_version_hash" UNIQUE("item_id","hash"),
	CONSTRAINT "item_version_two_people" CHECK ("item_version"."maker" <> "item_version"."checker")
);

CREATE TABLE "kept_chunk" (
	"file_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"bytes" "bytea" NOT NULL,
	CONSTRAINT "kept_chunk_file_id_position_pk" PRIMARY KEY("file_id","position")
);

CREATE TABLE "kept_file" (
	"sha256" text PRIMARY KEY NOT NULL,
	"id" uuid NOT NULL,
	"bytes" bigint NOT NULL,
	"header" "bytea" NOT NULL,
	"kept_at" timestamp with time zone NOT NULL,
	"removed_at" timestamp with time zone,
	CONSTRAINT "kept_file_id_unique" UNIQUE("id")
);

CREATE TABLE "line_event" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"batch_id" uuid NOT NULL,
	"line_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"code" text,
	"text" text,
	"file_id" uuid,
	"dedupe" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "line_event_dedupe_unique" UNIQUE("dedupe"),
	CONSTRAINT "line_event_kind" CHECK ("line_event"."kind" in ('withheld','cancelled','sent','accepted','paid','returned','unknown'))
);

CREATE TABLE "line_funding" (
	"batch_id" uuid NOT NULL,
	"line_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	"amount_fen" bigint NOT NULL,
	CONSTRAINT "line_funding_batch_id_line_id_source_id_pk" PRIMARY KEY("batch_id","line_id","source_id"),
	CONSTRAINT "line_funding_money" CHECK ("line_funding"."amount_fen" > 0)
);

CREATE TABLE "live_payment" (
	"subject_id" uuid NOT NULL,
	"disbursement_id" uuid NOT NULL,
	"batch_id" uuid NOT NULL,
	"line_id" uuid NOT NULL,
	CONSTRAINT "live_payment_subject_id_disbursement_id_pk" PRIMARY KEY("subject_id","disbursement_id")
);

CREATE TABLE "match" (
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"item_id" text NOT NULL,
	"version" integer NOT NULL,
	"register" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"division" text,
	"period_key" text NOT NULL,
	"sequence" integer NOT NULL,
	"kind" text NOT NULL,
	"verdict" text NOT NULL,
	"amount_fen" bigint,
	"lines" jsonb NOT NULL,
	"evidence" jsonb NOT NULL,
	"run_id" uuid NOT NULL,
	"previous_id" uuid,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "match_subject_id_id_pk" PRIMARY KEY("subject_id","id"),
	CONSTRAINT "match_sequence" UNIQUE("subject_id","item_id","period_key","sequence"),
	CONSTRAINT "match_kind" CHECK ("match"."kind" in ('first','changed','continuing','suspended','resumed','ended')),
	CONSTRAINT "match_verdict" CHECK ("match"."verdict" in ('eligible','ineligible','undetermined')),
	CONSTRAINT "match_money" CHECK ("match"."verdict" = 'eligible' or "match"."amount_fen" is null)
);

CREATE TABLE "name_choice" (
	"dataset" text NOT NULL,
	"division" text NOT NULL,
	"norm" text NOT NULL,
	"subject_id" uuid,
	"by" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"reason" text NOT NULL,
	CONSTRAINT "name_choice_dataset_division_norm_pk" PRIMARY KEY("dataset","division","norm")
);

CREATE TABLE "name_list" (
	"delivery_id" uuid PRIMARY KEY NOT NULL,
	"title" text NOT NULL,
	"number" text,
	"published_on" date,
	"valid_from" date,
	"valid_to" date
);

CREATE TABLE "named_row" (
	"delivery_id" uuid NOT NULL,
	"line" integer NOT NULL,
	"dataset" text NOT NULL,
	"register" text NOT NULL,
	"division" text NOT NULL,
	"name" text NOT NULL,
	"norm" text NOT NULL,
	"state" text NOT NULL,
	"method" text,
	"subject_id" uuid,
	"candidates" uuid[] DEFAULT '{}' NOT NULL,
	"row" text,
	"settled_by" text,
	"settled_at" timestamp with time zone,
	"reason" text,
	CONSTRAINT "named_row_delivery_id_line_pk" PRIMARY KEY("delivery_id","line"),
	CONSTRAINT "named_row_state" CHECK ("named_row"."state" in ('matched','open','settled','outside','superseded')),
	CONSTRAINT "named_row_matched" CHECK ("named_row"."state" not in ('matched','settled') or ("named_row"."subject_id" is not null and "named_row"."method" is not null)),
	CONSTRAINT "named_row_settled" CHECK ("named_row"."state" not in ('settled','outside') or "named_row"."method" = 'settled')
);

CREATE TABLE "notice" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"dedupe" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"item_id" text NOT NULL,
	"authority" text NOT NULL,
	"division" text,
	"match_id" uuid,
	"template" text NOT NULL,
	"channel" text NOT NULL,
	"address" text,
	"ways" text NOT NULL,
	"way" integer DEFAULT 0 NOT NULL,
	"tried" integer DEFAULT 0 NOT NULL,
	"duty" text NOT NULL,
	"entry" boolean DEFAULT false NOT NULL,
	"wording" text DEFAULT 'shipped' NOT NULL,
	"subject" text NOT NULL,
	"body" text NOT NULL,
	"short" text NOT NULL,
	"check_index" text NOT NULL,
	"amount_fen" bigint,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone NOT NULL,
	"first_tried_at" timestamp with time zone,
	"message_id" text NOT NULL,
	"last_error" text,
	"created_at" timestamp with time zone NOT NULL,
	"sent_at" timestamp with time zone,
	"delivered_at" timestamp with time zone,
	"trialed_at" timestamp with time zone,
	CONSTRAINT "notice_dedupe_unique" UNIQUE("dedupe"),
	CONSTRAINT "notice_check_index_unique" UNIQUE("check_index"),
	CONSTRAINT "notice_message_id_unique" UNIQUE("message_id"),
	CONSTRAINT "notice_state" CHECK ("notice"."state" in ('pending','sending','sent','delivered','bounced','dead')),
	CONSTRAINT "notice_channel" CHECK ("notice"."channel" in ('mail','sms','inbox','letter','outbox')),
	CONSTRAINT "notice_duty" CHECK ("notice"."duty" in ('required','courtesy','push')),
	CONSTRAINT "notice_moments" CHECK (("notice"."state" <> 'delivered' or "notice"."delivered_at" is not null) and ("notice"."state" <> 'sent' or "notice"."sent_at" is not null))
);

CREATE TABLE "notice_line" (
	"subject_id" uuid NOT NULL,
	"disbursement_id" uuid NOT NULL,
	"template" text NOT NULL,
	"notice_id" uuid NOT NULL,
	"since" date DEFAULT '0001-01-01' NOT NULL,
	CONSTRAINT "notice_line_subject_id_disbursement_id_template_since_pk" PRIMARY KEY("subject_id","disbursement_id","template","since")
);

CREATE TABLE "payee_account" (
	"account_index" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"holder_subject_id" uuid NOT NULL,
	"source" text NOT NULL,
	"state" text NOT NULL,
	"method" text,
	"evidence" jsonb,
	"first_seen_at" timestamp with time zone NOT NULL,
	"checked_at" timestamp with time zone,
	CONSTRAINT "payee_account_account_index_subject_id_pk" PRIMARY KEY("account_index","subject_id"),
	CONSTRAINT "payee_account_state" CHECK ("payee_account"."state" in ('unverified','pending','verified','failed')),
	CONSTRAINT "payee_account_evidence" CHECK (("payee_account"."state" = 'unverified') = ("payee_account"."evidence" is null))
);

CREATE TABLE "payment_calendar" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"kind" text NOT NULL,
	"item_id" text,
	"period_key" text,
	"from_day" date NOT NULL,
	"to_day" date NOT NULL,
	"reason" text,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" text NOT NULL,
	"ended_at" timestamp with time zone,
	"ended_by" text,
	CONSTRAINT "payment_calendar_kind" CHECK ("payment_calendar"."kind" in ('pay','freeze')),
	CONSTRAINT "payment_calendar_days_order" CHECK ("payment_calendar"."from_day" <= "payment_calendar"."to_day" and ("payment_calendar"."kind" = 'freeze' or "payment_calendar"."from_day" = "payment_calendar"."to_day")),
	CONSTRAINT "payment_calendar_freeze_all" CHECK ("payment_calendar"."kind" = 'pay' or ("payment_calendar"."item_id" is null and "payment_calendar"."period_key" is null))
);

CREATE TABLE "payment_file" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"batch_id" uuid,
	"direction" text NOT NULL,
	"format" text NOT NULL,
	"name" text NOT NULL,
	"sha256" text NOT NULL,
	"manifest" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"by" text NOT NULL,
	CONSTRAINT "payment_file_once" UNIQUE("direction","sha256"),
	CONSTRAINT "payment_file_direction" CHECK ("payment_file"."direction" in ('out','in'))
);

CREATE TABLE "payment_line" (
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"batch_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"subject_id" uuid NOT NULL,
	"disbursement_id" uuid NOT NULL,
	"settlement_line_id" uuid NOT NULL,
	"key" text NOT NULL,
	"item_id" text NOT NULL,
	"period_key" text NOT NULL,
	"year" integer NOT NULL,
	"division" text,
	"payee_subject_id" uuid,
	"payee_name" text NOT NULL,
	"account" "bytea" NOT NULL,
	"account_index" text NOT NULL,
	"bank" text NOT NULL,
	"bank_code" text NOT NULL,
	"amount_fen" bigint NOT NULL,
	"statement_text" text NOT NULL,
	"end_to_end_id" text NOT NULL,
	"replaces" uuid,
	"guards" jsonb NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "payment_line_batch_id_id_pk" PRIMARY KEY("batch_id","id"),
	CONSTRAINT "payment_line_end_to_end_id_unique" UNIQUE("end_to_end_id"),
	CONSTRAINT "payment_line_position" UNIQUE("batch_id","position"),
	CONSTRAINT "payment_line_money" CHECK ("payment_line"."amount_fen" > 0)
);

CREATE TABLE "posting" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"transaction" text NOT NULL,
	"account" text NOT NULL,
	"amount_fen" bigint NOT NULL,
	"kind" text NOT NULL,
	"item_id" text NOT NULL,
	"year" integer NOT NULL,
	"subject_id" uuid,
	"period_key" text,
	"line_id" uuid,
	"object_key" text,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "posting_once" UNIQUE("transaction","account"),
	CONSTRAINT "posting_kind" CHECK ("posting"."kind" in ('appropriate','reserve','commit','pay','release','restore','import','recover','offset'))
);

CREATE TABLE "profile_look" (
	"id" bigserial NOT NULL,
	"subject_id" uuid NOT NULL,
	"actor" text NOT NULL,
	"role" text NOT NULL,
	"reason" text NOT NULL,
	"order_number" text NOT NULL,
	"view" text NOT NULL,
	"item_id" text,
	"facts" text[] NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "profile_look_subject_id_id_pk" PRIMARY KEY("subject_id","id")
);

CREATE TABLE "readiness" (
	"item_id" text NOT NULL,
	"period_key" text NOT NULL,
	"sequence" integer NOT NULL,
	"version" integer NOT NULL,
	"period_start" date,
	"period_end" date NOT NULL,
	"state" text NOT NULL,
	"waits" jsonb NOT NULL,
	"record" jsonb,
	"known_at" date NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "readiness_item_id_period_key_sequence_pk" PRIMARY KEY("item_id","period_key","sequence"),
	CONSTRAINT "readiness_state" CHECK ("readiness"."state" in ('ready','waiting','not-triggered'))
);

CREATE TABLE "record" (
	"register" text NOT NULL,
	"subject_id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"key" text NOT NULL,
	"ordinal" integer NOT NULL,
	"name" text,
	"division" text,
	"moves" jsonb,
	"revision" bigint NOT NULL,
	CONSTRAINT "record_register_subject_id_pk" PRIMARY KEY("register","subject_id"),
	CONSTRAINT "record_key" UNIQUE("register","key"),
	CONSTRAINT "record_ordinal" UNIQUE("register","ordinal")
);

CREATE TABLE "record_part" (
	"register" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"dataset" text NOT NULL,
	"as_of" date NOT NULL,
	"delivery_id" uuid NOT NULL,
	"refused" date,
	"cells" jsonb NOT NULL,
	"revision" bigint NOT NULL,
	CONSTRAINT "record_part_register_subject_id_dataset_pk" PRIMARY KEY("register","subject_id","dataset")
);

CREATE TABLE "run" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"snapshot_id" text NOT NULL,
	"known_at" date NOT NULL,
	"ledger_cut" bigint NOT NULL,
	"sequence" bigserial NOT NULL,
	"state" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone
);

CREATE TABLE "run_item" (
	"run_id" uuid NOT NULL,
	"item_id" text NOT NULL,
	"version" integer NOT NULL,
	"period_key" text NOT NULL,
	"period_start" date,
	"period_end" date NOT NULL,
	"state" text NOT NULL,
	"eligible" integer DEFAULT 0 NOT NULL,
	"undetermined" integer DEFAULT 0 NOT NULL,
	"ineligible" integer DEFAULT 0 NOT NULL,
	"amount_fen" bigint DEFAULT 0 NOT NULL,
	"written" jsonb,
	"stopped" text,
	"brake" jsonb,
	"terms" jsonb,
	CONSTRAINT "run_item_run_id_item_id_version_period_key_pk" PRIMARY KEY("run_id","item_id","version","period_key")
);

CREATE TABLE "segment" (
	"hash" text PRIMARY KEY NOT NULL,
	"bytes" "bytea" NOT NULL
);

CREATE TABLE "setting" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL
);

CREATE TABLE "settled_run" (
	"run_id" uuid NOT NULL,
	"item_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "settled_run_run_id_item_id_pk" PRIMARY KEY("run_id","item_id")
);

CREATE TABLE "settlement_line" (
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"subject_id" uuid NOT NULL,
	"match_id" uuid NOT NULL,
	"match_kind" text NOT NULL,
	"item_id" text NOT NULL,
	"version" integer NOT NULL,
	"division" text,
	"authority" text NOT NULL,
	"period_key" text NOT NULL,
	"year" integer NOT NULL,
	"budget_year" integer NOT NULL,
	"key" text NOT NULL,
	"part" integer DEFAULT 1 NOT NULL,
	"gross_fen" bigint NOT NULL,
	"granted_fen" bigint NOT NULL,
	"entitled_fen" bigint DEFAULT 0 NOT NULL,
	"wanted_fen" bigint DEFAULT 0 NOT NULL,
	"quota_fen" bigint,
	"decide_on" date,
	"recover_fen" bigint DEFAULT 0 NOT NULL,
	"state" text NOT NULL,
	"reasons" jsonb NOT NULL,
	"order_key" text NOT NULL,
	"blocked_on" text,
	"reconsider" boolean DEFAULT false NOT NULL,
	"handed_on" boolean DEFAULT false NOT NULL,
	"stop_id" uuid,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "settlement_line_subject_id_id_pk" PRIMARY KEY("subject_id","id"),
	CONSTRAINT "settlement_line_state" CHECK ("settlement_line"."state" in ('granted','reduced','parked','refused','waiting','blocked','superseded','suspended','ended','withdrawn')),
	CONSTRAINT "settlement_line_money" CHECK ("settlement_line"."granted_fen" >= 0 and "settlement_line"."granted_fen" <= "settlement_line"."gross_fen" and "settlement_line"."recover_fen" >= 0),
	CONSTRAINT "settlement_line_promise" CHECK ("settlement_line"."state" in ('granted','reduced','parked','superseded','withdrawn') or "settlement_line"."granted_fen" = 0)
);

CREATE TABLE "snapshot" (
	"id" text PRIMARY KEY NOT NULL,
	"known_at" date NOT NULL,
	"catalogue_hash" text NOT NULL,
	"counts" jsonb NOT NULL,
	"parent_id" text,
	"basis" jsonb,
	"sealed_at" timestamp with time zone NOT NULL,
	"sequence" bigserial NOT NULL
);

CREATE TABLE "snapshot_hold" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"first_day" date NOT NULL,
	"last_day" date NOT NULL,
	"reason" text NOT NULL,
	"held_by" text NOT NULL,
	"held_at" timestamp with time zone NOT NULL,
	"lifted_by" text,
	"lifted_at" timestamp with time zone,
	"lift_reason" text,
	CONSTRAINT "snapshot_hold_days" CHECK ("snapshot_hold"."first_day" <= "snapshot_hold"."last_day"),
	CONSTRAINT "snapshot_hold_reason" CHECK (length("snapshot_hold"."reason") > 1),
	CONSTRAINT "snapshot_hold_lifted" CHECK (("snapshot_hold"."lifted_by" is null) = ("snapshot_hold"."lifted_at" is null) and ("snapshot_hold"."lifted_at" is null) = ("snapshot_hold"."lift_reason" is null))
);

CREATE TABLE "snapshot_removal" (
	"snapshot_id" text PRIMARY KEY NOT NULL,
	"days" integer NOT NULL,
	"removed_on" date NOT NULL,
	"removed_at" timestamp with time zone NOT NULL,
	"segments" integer NOT NULL,
	"bytes" bigint NOT NULL
);

CREATE TABLE "snapshot_segment" (
	"snapshot_id" text NOT NULL,
	"register" text NOT NULL,
	"block" integer NOT NULL,
	"column" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "snapshot_segment_snapshot_id_register_block_column_pk" PRIMARY KEY("snapshot_id","register","block","column")
);

CREATE TABLE "staff_scope" (
	"user_id" text PRIMARY KEY NOT NULL,
	"roles" text[] NOT NULL,
	"authorities" text[] NOT NULL,
	"divisions" text[] NOT NULL,
	"items" text[] NOT NULL,
	"left_at" timestamp with time zone,
	CONSTRAINT "staff_scope_apart" CHECK (cardinality("staff_scope"."roles") = 1 or not "staff_scope"."roles" && array['admin', 'auditor']),
	CONSTRAINT "staff_scope_finance" CHECK (('finance-maker' = any("staff_scope"."roles"))::int + ('finance-checker' = any("staff_scope"."roles"))::int + ('finance-head' = any("staff_scope"."roles"))::int
        + ('finance-issuer' = any("staff_scope"."roles"))::int <= 1),
	CONSTRAINT "staff_scope_review" CHECK (not ('reviewer' = any("staff_scope"."roles") and "staff_scope"."roles" && array['finance-checker', 'finance-head', 'finance-issuer']))
);

CREATE TABLE "staff_tie" (
	"user_id" text NOT NULL,
	"kind" text NOT NULL,
	"target" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"by" text NOT NULL,
	CONSTRAINT "staff_tie_user_id_kind_target_pk" PRIMARY KEY("user_id","kind","target"),
	CONSTRAINT "staff_tie_kind" CHECK ("staff_tie"."kind" in ('self','relative','home'))
);

CREATE TABLE "suspense" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"file_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"reference" text NOT NULL,
	"kind" text NOT NULL,
	"amount_fen" bigint,
	"why" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"settled_at" timestamp with time zone,
	"settled_by" text,
	"reason" text,
	CONSTRAINT "suspense_once" UNIQUE("file_id","position")
);

CREATE TABLE "ticket" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"department" text NOT NULL,
	"dataset" text NOT NULL,
	"register" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"division" text,
	"fact" text NOT NULL,
	"attestation_id" uuid,
	"told" "bytea",
	"document" text,
	"item_id" text,
	"version" integer,
	"due_on" date,
	"question" text NOT NULL,
	"state" text NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"opened_by" text NOT NULL,
	"answer" text,
	"answered_at" timestamp with time zone,
	"answered_by" text,
	"outcome" text,
	"settled_at" timestamp with time zone,
	"settled_by" text,
	CONSTRAINT "ticket_attestation_id_unique" UNIQUE("attestation_id"),
	CONSTRAINT "ticket_state" CHECK ("ticket"."state" in ('open','answered','settled')),
	CONSTRAINT "ticket_answer" CHECK (("ticket"."answer" is null) = ("ticket"."answered_by" is null) and ("ticket"."state" <> 'answered' or "ticket"."answer" is not null)),
	CONSTRAINT "ticket_outcome" CHECK (("ticket"."state" = 'settled') = ("ticket"."outcome" is not null)),
	CONSTRAINT "ticket_outcome_kind" CHECK ("ticket"."outcome" is null or "ticket"."outcome" in ('corrected','kept','dropped')),
	CONSTRAINT "ticket_asked" CHECK (("ticket"."attestation_id" is null) = ("ticket"."told" is not null) and ("ticket"."told" is null or "ticket"."item_id" is not null))
);

CREATE TABLE "undetermined_count" (
	"run_id" uuid NOT NULL,
	"item_id" text NOT NULL,
	"period_key" text NOT NULL,
	"fact" text NOT NULL,
	"dataset" text NOT NULL,
	"reason" text NOT NULL,
	"subjects" integer NOT NULL,
	CONSTRAINT "undetermined_count_run_id_item_id_period_key_fact_dataset_reason_pk" PRIMARY KEY("run_id","item_id","period_key","fact","dataset","reason")
);

CREATE TABLE "upload" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"owner" text NOT NULL,
	"key" text NOT NULL,
	"request" jsonb NOT NULL,
	"bytes" bigint NOT NULL,
	"received" bigint DEFAULT 0 NOT NULL,
	"state" text NOT NULL,
	"delivery_id" uuid,
	"opened_at" timestamp with time zone NOT NULL,
	"touched_at" timestamp with time zone NOT NULL,
	CONSTRAINT "upload_key" UNIQUE("owner","key"),
	CONSTRAINT "upload_state" CHECK ("upload"."state" in ('open','complete','done','abandoned')),
	CONSTRAINT "upload_received" CHECK ("upload"."received" between 0 and "upload"."bytes" and ("upload"."state" not in ('complete','done') or "upload"."received" = "upload"."bytes")),
	CONSTRAINT "upload_done" CHECK ("upload"."state" <> 'done' or "upload"."delivery_id" is not null)
);

CREATE TABLE "upload_chunk" (
	"upload_id" uuid NOT NULL,
	"position" bigint NOT NULL,
	"bytes" "bytea" NOT NULL,
	CONSTRAINT "upload_chunk_upload_id_position_pk" PRIMARY KEY("upload_id","position")
);

CREATE TABLE "work" (
	"step" text NOT NULL,
	"shard" text NOT NULL,
	"token" bigint NOT NULL,
	"owner" text,
	"lease_until" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"cursor" jsonb,
	"done_at" timestamp with time zone,
	CONSTRAINT "work_step_shard_pk" PRIMARY KEY("step","shard")
);

CREATE TABLE "heir" (
	"id" uuid PRIMARY KEY NOT NULL,
	"subject_id" uuid NOT NULL,
	"item_id" text NOT NULL,
	"authority" text NOT NULL,
	"division" text,
	"relation" text NOT NULL,
	"person" "bytea" NOT NULL,
	"account_index" text NOT NULL,
	"bank" text,
	"bank_code" text,
	"heir_subject_id" uuid,
	"document" text NOT NULL,
	"reason" text NOT NULL,
	"state" text NOT NULL,
	"named_by" text NOT NULL,
	"named_at" timestamp with time zone NOT NULL,
	"decided_by" text,
	"decided_at" timestamp with time zone,
	"closed_by" text,
	"closed_at" timestamp with time zone,
	"close_reason" text,
	CONSTRAINT "heir_relation" CHECK ("heir"."relation" in ('spouse','child','parent','sibling','other-heir','carer')),
	CONSTRAINT "heir_state_known" CHECK ("heir"."state" in ('named','confirmed','refused','withdrawn')),
	CONSTRAINT "heir_two_people" CHECK ("heir"."decided_by" is null or "heir"."decided_by" <> "heir"."named_by"),
	CONSTRAINT "heir_confirmed" CHECK ("heir"."state" <> 'confirmed' or "heir"."decided_by" is not null),
	CONSTRAINT "heir_not_dead" CHECK ("heir"."heir_subject_id" is null or "heir"."heir_subject_id" <> "heir"."subject_id")
);

CREATE TABLE "recovery_funding" (
	"dedupe" text NOT NULL,
	"source_id" uuid NOT NULL,
	"line_id" uuid NOT NULL,
	"way" text NOT NULL,
	"amount_fen" bigint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "recovery_funding_dedupe_source_id_line_id_way_pk" PRIMARY KEY("dedupe","source_id","line_id","way"),
	CONSTRAINT "recovery_funding_way" CHECK ("recovery_funding"."way" in ('back','taken')),
	CONSTRAINT "recovery_funding_money" CHECK ("recovery_funding"."amount_fen" > 0)
);

CREATE TABLE "stop_order" (
	"id" uuid PRIMARY KEY NOT NULL,
	"subject_id" uuid NOT NULL,
	"item_id" text NOT NULL,
	"version" integer NOT NULL,
	"match_id" uuid NOT NULL,
	"authority" text NOT NULL,
	"division" text,
	"kind" text NOT NULL,
	"last_on" date NOT NULL,
	"reason" text NOT NULL,
	"document" text,
	"people" integer NOT NULL,
	"state" text NOT NULL,
	"asked_by" text NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"confirmed_by" text,
	"confirmed_at" timestamp with time zone,
	"closed_by" text,
	"closed_at" timestamp with time zone,
	"close_reason" text,
	"close_document" text,
	CONSTRAINT "stop_order_kind" CHECK ("stop_order"."kind" in ('death','moved','not-entitled','other')),
	CONSTRAINT "stop_order_state_known" CHECK ("stop_order"."state" in ('proposed','asked','standing','refused','lifted')),
	CONSTRAINT "stop_order_people" CHECK ("stop_order"."people" in (1,2)),
	CONSTRAINT "stop_order_two" CHECK ("stop_order"."confirmed_by" is null or "stop_order"."confirmed_by" <> "stop_order"."asked_by"),
	CONSTRAINT "stop_order_ordered" CHECK ("stop_order"."state" not in ('standing','lifted') or "stop_order"."document" is not null),
	CONSTRAINT "stop_order_second" CHECK ("stop_order"."state" not in ('standing','lifted') or "stop_order"."people" = 1 or "stop_order"."confirmed_by" is not null),
	CONSTRAINT "stop_order_closed" CHECK (("stop_order"."state" in ('refused','lifted')) = ("stop_order"."closed_at" is not null)),
	CONSTRAINT "stop_order_lifted" CHECK ("stop_order"."state" <> 'lifted' or ("stop_order"."closed_by" <> "stop_order"."asked_by" and "stop_order"."close_reason" is not null))
);

CREATE TABLE "entry_link" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"token_hash" text NOT NULL,
	"notice_id" uuid NOT NULL,
	"register" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"failures" smallint DEFAULT 0 NOT NULL
);

CREATE TABLE "mandate" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"register" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"agent_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"powers" text[] NOT NULL,
	"from_day" date NOT NULL,
	"to_day" date NOT NULL,
	"document" text,
	"made_by" text NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"ended_by" text,
	"ended_at" timestamp with time zone,
	CONSTRAINT "mandate_kind" CHECK ("mandate"."kind" in ('handler', 'delegate')),
	CONSTRAINT "mandate_days" CHECK ("mandate"."from_day" <= "mandate"."to_day"),
	CONSTRAINT "mandate_other" CHECK ("mandate"."agent_id" <> "mandate"."subject_id")
);

CREATE TABLE "visit" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"token_hash" text NOT NULL,
	"way" text NOT NULL,
	"person_id" uuid,
	"person_name" text,
	"register" text,
	"subject_id" uuid,
	"as" text,
	"powers" text[] NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "visit_way" CHECK ("visit"."way" in ('oidc', 'link', 'demo')),
	CONSTRAINT "visit_for" CHECK (("visit"."subject_id" is null) = ("visit"."as" is null) and ("visit"."subject_id" is null) = ("visit"."register" is null))
);

ALTER TABLE "account" ADD CONSTRAINT "account_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."user"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."user"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "two_factor" ADD CONSTRAINT "two_factor_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."user"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "recovery_entry" ADD CONSTRAINT "recovery_entry_recovery_id_recovery_id_fk" FOREIGN KEY ("recovery_id") REFERENCES "public"."recovery"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "recovery_plan" ADD CONSTRAINT "recovery_plan_recovery_id_recovery_id_fk" FOREIGN KEY ("recovery_id") REFERENCES "public"."recovery"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "write_off" ADD CONSTRAINT "write_off_recovery_id_recovery_id_fk" FOREIGN KEY ("recovery_id") REFERENCES "public"."recovery"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "account_check_answer" ADD CONSTRAINT "account_check_answer_check_id_position_account_check_row_check_id_position_fk" FOREIGN KEY ("check_id","position") REFERENCES "public"."account_check_row"("check_id","position") ON DELETE no action ON UPDATE no action;
ALTER TABLE "account_check_row" ADD CONSTRAINT "account_check_row_check_id_account_check_id_fk" FOREIGN KEY ("check_id") REFERENCES "public"."account_check"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "attestation" ADD CONSTRAINT "attestation_document_hash_attested_document_sha256_fk" FOREIGN KEY ("document_hash") REFERENCES "public"."attested_document"("sha256") ON DELETE no action ON UPDATE no action;
ALTER TABLE "audit_link" ADD CONSTRAINT "audit_link_entry_id_audit_entry_id_fk" FOREIGN KEY ("entry_id") REFERENCES "public"."audit_entry"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "batch" ADD CONSTRAINT "batch_source_id_funding_source_id_fk" FOREIGN KEY ("source_id") REFERENCES "public"."funding_source"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "batch_exclusion" ADD CONSTRAINT "batch_exclusion_batch_id_batch_id_fk" FOREIGN KEY ("batch_id") REFERENCES "public"."batch"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "batch_signature" ADD CONSTRAINT "batch_signature_content" FOREIGN KEY ("batch_id","hash") REFERENCES "public"."batch"("id","hash") ON DELETE no action ON UPDATE no action;
ALTER TABLE "closing" ADD CONSTRAINT "closing_run_id_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "comparison_row" ADD CONSTRAINT "comparison_row_comparison_id_comparison_id_fk" FOREIGN KEY ("comparison_id") REFERENCES "public"."comparison"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "delivery_problem" ADD CONSTRAINT "delivery_problem_delivery_id_delivery_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."delivery"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "line_funding" ADD CONSTRAINT "line_funding_source_id_funding_source_id_fk" FOREIGN KEY ("source_id") REFERENCES "public"."funding_source"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "line_funding" ADD CONSTRAINT "line_funding_line" FOREIGN KEY ("batch_id","line_id") REFERENCES "public"."payment_line"("batch_id","id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "name_list" ADD CONSTRAINT "name_list_delivery_id_delivery_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."delivery"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "named_row" ADD CONSTRAINT "named_row_delivery_id_delivery_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."delivery"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "payment_line" ADD CONSTRAINT "payment_line_batch_id_batch_id_fk" FOREIGN KEY ("batch_id") REFERENCES "public"."batch"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "run" ADD CONSTRAINT "run_snapshot_id_snapshot_id_fk" FOREIGN KEY ("snapshot_id") REFERENCES "public"."snapshot"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "run_item" ADD CONSTRAINT "run_item_run_id_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "snapshot" ADD CONSTRAINT "snapshot_parent_id_snapshot_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."snapshot"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "snapshot_removal" ADD CONSTRAINT "snapshot_removal_snapshot_id_snapshot_id_fk" FOREIGN KEY ("snapshot_id") REFERENCES "public"."snapshot"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "snapshot_segment" ADD CONSTRAINT "snapshot_segment_snapshot_id_snapshot_id_fk" FOREIGN KEY ("snapshot_id") REFERENCES "public"."snapshot"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "snapshot_segment" ADD CONSTRAINT "snapshot_segment_hash_segment_hash_fk" FOREIGN KEY ("hash") REFERENCES "public"."segment"("hash") ON DELETE no action ON UPDATE no action;
CREATE UNIQUE INDEX "certification_live" ON "certification" USING btree ("subject_id","item_id") WHERE "certification"."state" in ('open','visiting','suspended','deceased');
CREATE UNIQUE INDEX "certification_turn" ON "certification" USING btree ("subject_id","item_id","anchor_on") WHERE "certification"."state" <> 'void';
CREATE INDEX "certification_code" ON "certification" USING btree ("code");
CREATE INDEX "certification_item" ON "certification" USING btree ("item_id","state","due_on");
CREATE UNIQUE INDEX "certification_visit_once" ON "certification_visit" USING btree ("subject_id","certification_id","visited_on","result","visitor");
CREATE INDEX "freeze_period_to" ON "freeze_period" USING btree ("to_at");
CREATE INDEX "job_run_name" ON "job_run" USING btree ("name","id");
CREATE INDEX "job_run_outcome" ON "job_run" USING btree ("outcome","started_at");
CREATE INDEX "answer_unit" ON "answer" USING btree ("subject_id","item_id","key");
CREATE INDEX "answer_of" ON "answer" USING btree ("disbursement_id");
CREATE INDEX "application_of" ON "application" USING btree ("disbursement_id");
CREATE INDEX "desk_assignment_object" ON "desk_assignment" USING btree ("object_id");
CREATE INDEX "desk_assignment_of" ON "desk_assignment" USING btree ("taken_by") WHERE "desk_assignment"."taken_by" is not null;
CREATE INDEX "desk_decision_object" ON "desk_decision" USING btree ("object_id");
CREATE INDEX "owed_notice_open" ON "owed_notice" USING btree ("subject_id","id") WHERE "owed_notice"."notice_id" is null;
CREATE INDEX "owed_notice_of" ON "owed_notice" USING btree ("disbursement_id");
CREATE INDEX "owed_notice_subject" ON "owed_notice" USING btree ("subject_id","item_id");
CREATE UNIQUE INDEX "recovery_live" ON "recovery" USING btree ("subject_id","item_id","period_key","key") WHERE "recovery"."state" in ('proposed','open');
CREATE INDEX "recovery_state" ON "recovery" USING btree ("state","due_on");
CREATE INDEX "recovery_entry_of" ON "recovery_entry" USING btree ("recovery_id");
CREATE INDEX "recovery_entry_offset" ON "recovery_entry" USING btree ("reference") WHERE "recovery_entry"."kind" = 'offset';
CREATE UNIQUE INDEX "write_off_open" ON "write_off" USING btree ("recovery_id") WHERE "write_off"."state" = 'asked';
CREATE INDEX "message_choice_of" ON "message_choice" USING btree ("subject_id","id");
CREATE INDEX "named_relative_of" ON "named_relative" USING btree ("subject_id","position");
CREATE INDEX "notice_try_of" ON "notice_try" USING btree ("notice_id");
CREATE INDEX "notice_try_rate" ON "notice_try" USING btree ("channel","at") WHERE "notice_try"."outcome" = 'claimed';
CREATE INDEX "office_of" ON "office" USING btree ("authority","id");
CREATE INDEX "objection_of" ON "objection" USING btree ("disbursement_id");
CREATE INDEX "objection_subject" ON "objection" USING btree ("subject_id");
CREATE INDEX "objection_state" ON "objection" USING btree ("state","due_on");
CREATE UNIQUE INDEX "objection_human_open" ON "objection" USING btree ("subject_id","item_id","period_key") WHERE "objection"."kind" = 'human' and "objection"."state" = 'open';
CREATE INDEX "objection_filed_by" ON "objection" USING btree ("filed_by","filed_at");
CREATE UNIQUE INDEX "rating_once" ON "rating" USING btree ("subject_id","disbursement_id");
CREATE INDEX "rating_item" ON "rating" USING btree ("item_id","rated_at");
CREATE INDEX "rating_open" ON "rating" USING btree ("due_on") WHERE "rating"."stars" <= 2 and "rating"."answer" is null;
CREATE INDEX "account_check_row_subject" ON "account_check_row" USING btree ("subject_id");
CREATE UNIQUE INDEX "attestation_live" ON "attestation" USING btree ("subject_id","register","fact",coalesce(valid_from, '-infinity'::date)) WHERE "attestation"."state" in ('entered','standing');
CREATE INDEX "attestation_subject" ON "attestation" USING btree ("subject_id");
CREATE INDEX "attestation_officer" ON "attestation" USING btree ("entered_by","entered_at");
CREATE INDEX "audit_entry_object" ON "audit_entry" USING btree ("object_kind","object_id");
CREATE INDEX "audit_entry_txid" ON "audit_entry" USING btree ("txid");
CREATE INDEX "batch_item" ON "batch" USING btree ("item_id","pay_on");
CREATE INDEX "batch_state" ON "batch" USING btree ("state");
CREATE UNIQUE INDEX "batch_signature_one" ON "batch_signature" USING btree ("batch_id","role") WHERE "batch_signature"."role" <> 'checker';
CREATE INDEX "choice_of" ON "choice" USING btree ("disbursement_id");
CREATE INDEX "claim_line" ON "claim" USING btree ("line_id");
CREATE INDEX "closing_row_of" ON "closing_row" USING btree ("closing_id");
CREATE INDEX "comparison_item" ON "comparison" USING btree ("item_id","made_at");
CREATE UNIQUE INDEX "disbursement_match_key" ON "disbursement" USING btree ("subject_id","match_id","key","part") WHERE "disbursement"."line_id" is null;
CREATE INDEX "disbursement_newest" ON "disbursement" USING btree ("created_at","id");
CREATE INDEX "disbursement_item" ON "disbursement" USING btree ("item_id","period_key","state");
CREATE INDEX "disbursement_state" ON "disbursement" USING btree ("state","due_on");
CREATE INDEX "disbursement_open" ON "disbursement" USING btree ("subject_id","id") WHERE "disbursement"."state" in ('prefilled','applying','asking','named','reviewing','notified','confirming','publicity','objected','ready','paused','waived');
CREATE INDEX "disbursement_account" ON "disbursement" USING btree ("account_index");
CREATE INDEX "disbursement_event_of" ON "disbursement_event" USING btree ("disbursement_id");
CREATE INDEX "exclusive_choice_subject" ON "exclusive_choice" USING btree ("subject_id","choice_key");
CREATE INDEX "freshness_decision_of" ON "freshness_decision" USING btree ("item_id","period_key","dataset");
CREATE UNIQUE INDEX "funding_source_live" ON "funding_source" USING btree ("item_id","year","document") WHERE "funding_source"."ended_at" is null;
CREATE UNIQUE INDEX "item_review_open" ON "item_review" USING btree ("item_id") WHERE "item_review"."state" in ('draft', 'review');
CREATE INDEX "item_review_item" ON "item_review" USING btree ("item_id","version");
CREATE INDEX "line_event_line" ON "line_event" USING btree ("line_id");
CREATE INDEX "line_event_batch" ON "line_event" USING btree ("batch_id","kind");
CREATE INDEX "line_funding_line" ON "line_funding" USING btree ("line_id");
CREATE INDEX "live_payment_batch" ON "live_payment" USING btree ("batch_id");
CREATE INDEX "match_item_period" ON "match" USING btree ("item_id","period_key","verdict");
CREATE INDEX "match_run" ON "match" USING btree ("run_id");
CREATE INDEX "match_id" ON "match" USING btree ("id");
CREATE INDEX "match_newest" ON "match" USING btree ("created_at","id");
CREATE INDEX "match_stop" ON "match" USING btree ("created_at") WHERE "match"."kind" in ('suspended','ended');
CREATE INDEX "named_row_dataset" ON "named_row" USING btree ("dataset","state");
CREATE INDEX "named_row_subject" ON "named_row" USING btree ("subject_id","dataset");
CREATE INDEX "notice_due" ON "notice" USING btree ("state","next_at");
CREATE INDEX "notice_subject" ON "notice" USING btree ("subject_id");
CREATE INDEX "notice_match" ON "notice" USING btree ("match_id");
CREATE INDEX "payment_calendar_days" ON "payment_calendar" USING btree ("kind","from_day");
CREATE INDEX "payment_file_batch" ON "payment_file" USING btree ("batch_id");
CREATE UNIQUE INDEX "payment_line_replaces" ON "payment_line" USING btree ("replaces") WHERE "payment_line"."replaces" is not null;
CREATE INDEX "payment_line_disbursement" ON "payment_line" USING btree ("disbursement_id");
CREATE INDEX "payment_line_subject" ON "payment_line" USING btree ("subject_id");
CREATE INDEX "payment_line_account" ON "payment_line" USING btree ("account_index");
CREATE INDEX "posting_account" ON "posting" USING btree ("account");
CREATE INDEX "posting_subject" ON "posting" USING btree ("subject_id","item_id");
CREATE INDEX "posting_line" ON "posting" USING btree ("line_id");
CREATE INDEX "profile_look_actor" ON "profile_look" USING btree ("actor","at");
CREATE INDEX "record_revision" ON "record" USING btree ("revision");
CREATE INDEX "record_part_revision" ON "record_part" USING btree ("revision");
CREATE UNIQUE INDEX "settlement_line_once" ON "settlement_line" USING btree ("subject_id","match_id","key","part") WHERE "settlement_line"."state" <> 'superseded';
CREATE INDEX "settlement_line_match" ON "settlement_line" USING btree ("subject_id","match_id","key");
CREATE UNIQUE INDEX "settlement_line_live" ON "settlement_line" USING btree ("subject_id","item_id","period_key","key","part") WHERE "settlement_line"."state" in ('granted','reduced','parked');
CREATE INDEX "settlement_line_item" ON "settlement_line" USING btree ("item_id","period_key","subject_id");
CREATE INDEX "settlement_line_state" ON "settlement_line" USING btree ("state","item_id");
CREATE INDEX "settlement_line_blocked" ON "settlement_line" USING btree ("blocked_on") WHERE "settlement_line"."blocked_on" is not null;
CREATE INDEX "settlement_line_recover" ON "settlement_line" USING btree ("subject_id") WHERE "settlement_line"."recover_fen" > 0;
CREATE INDEX "settlement_line_unfilled" ON "settlement_line" USING btree ("subject_id","id") WHERE not "settlement_line"."handed_on" and "settlement_line"."granted_fen" > 0;
CREATE INDEX "settlement_line_waiting" ON "settlement_line" USING btree ("blocked_on","order_key") WHERE "settlement_line"."state" in ('waiting','parked');
CREATE INDEX "settlement_line_again" ON "settlement_line" USING btree ("item_id") WHERE "settlement_line"."reconsider";
CREATE INDEX "settlement_line_quota" ON "settlement_line" USING btree ("item_id") WHERE "settlement_line"."quota_fen" is not null and "settlement_line"."state" = 'waiting';
CREATE INDEX "settlement_line_decide" ON "settlement_line" USING btree ("decide_on") WHERE "settlement_line"."state" = 'waiting' and "settlement_line"."decide_on" is not null;
CREATE INDEX "snapshot_segment_hash" ON "snapshot_segment" USING btree ("hash");
CREATE UNIQUE INDEX "ticket_told_open" ON "ticket" USING btree ("subject_id","register","fact","dataset") WHERE "ticket"."told" is not null and "ticket"."state" <> 'settled';
CREATE INDEX "ticket_subject" ON "ticket" USING btree ("subject_id");
CREATE INDEX "ticket_department" ON "ticket" USING btree ("department","state","opened_at");
CREATE UNIQUE INDEX "heir_live" ON "heir" USING btree ("subject_id","item_id") WHERE "heir"."state" in ('named','confirmed');
CREATE INDEX "heir_state" ON "heir" USING btree ("state","named_at");
CREATE INDEX "recovery_funding_line" ON "recovery_funding" USING btree ("line_id");
CREATE INDEX "recovery_funding_source" ON "recovery_funding" USING btree ("source_id");
CREATE UNIQUE INDEX "stop_order_live" ON "stop_order" USING btree ("subject_id","item_id") WHERE "stop_order"."state" in ('proposed','asked','standing');
CREATE INDEX "stop_order_state" ON "stop_order" USING btree ("state","asked_at");
CREATE UNIQUE INDEX "entry_link_token" ON "entry_link" USING btree ("token_hash");
CREATE INDEX "entry_link_notice" ON "entry_link" USING btree ("notice_id");
CREATE UNIQUE INDEX "mandate_live" ON "mandate" USING btree ("register","subject_id","agent_id") WHERE "mandate"."ended_at" is null;
CREATE INDEX "mandate_agent" ON "mandate" USING btree ("agent_id");
CREATE UNIQUE INDEX "visit_token" ON "visit" USING btree ("token_hash");
CREATE INDEX "visit_of" ON "visit" USING btree ("subject_id","started_at");

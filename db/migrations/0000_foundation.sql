CREATE TABLE "case_record" (
	"loan_ref" text NOT NULL,
	"episode" integer NOT NULL,
	"seq" integer NOT NULL,
	"kind" text NOT NULL,
	"entry" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "case_record_loan_ref_episode_seq_pk" PRIMARY KEY("loan_ref","episode","seq")
);
--> statement-breakpoint
CREATE TABLE "collection_case" (
	"loan_ref" text NOT NULL,
	"episode" integer NOT NULL,
	"debtor_ref" text NOT NULL,
	"opened_by_run" text NOT NULL,
	"strategy_id" text NOT NULL,
	"strategy_version" integer NOT NULL,
	"timetable" jsonb NOT NULL,
	"outcome" text DEFAULT 'open' NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"record_length" integer DEFAULT 0 NOT NULL,
	"record_head" text DEFAULT '' NOT NULL,
	CONSTRAINT "collection_case_loan_ref_episode_pk" PRIMARY KEY("loan_ref","episode")
);
--> statement-breakpoint
CREATE TABLE "contact_intent" (
	"key" text PRIMARY KEY NOT NULL,
	"loan_ref" text NOT NULL,
	"episode" integer NOT NULL,
	"debtor_ref" text NOT NULL,
	"step" text NOT NULL,
	"channel" text NOT NULL,
	"template" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"local_date" date,
	"status" text NOT NULL,
	"rules" text[] DEFAULT '{}' NOT NULL,
	"deferred_until" timestamp (3) with time zone,
	"balance_version" integer NOT NULL,
	"decided_at" timestamp (3) with time zone NOT NULL,
	"settled_at" timestamp (3) with time zone,
	"provider_ref" text,
	"provider_reason" text
);
--> statement-breakpoint
CREATE TABLE "debtor" (
	"debtor_ref" text PRIMARY KEY NOT NULL,
	"zone" text NOT NULL,
	"language" text NOT NULL,
	"phone" text,
	"email" text,
	"push_id" text,
	"stated_at" timestamp (3) with time zone NOT NULL,
	"stated_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "inbox_event" (
	"event_id" text PRIMARY KEY NOT NULL,
	"loan_ref" text NOT NULL,
	"type" text NOT NULL,
	"effective_at" timestamp (3) with time zone NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"fingerprint" text NOT NULL,
	"data" jsonb NOT NULL,
	"parked" boolean DEFAULT false NOT NULL,
	"refusal" text
);
--> statement-breakpoint
CREATE TABLE "loan" (
	"loan_ref" text PRIMARY KEY NOT NULL,
	"debtor_ref" text NOT NULL,
	"currency" text NOT NULL,
	"due_on" date NOT NULL,
	"statement" jsonb NOT NULL,
	"due" jsonb NOT NULL,
	"overdue_minor" bigint NOT NULL,
	"paid_minor" bigint NOT NULL,
	"overpaid_minor" bigint NOT NULL,
	"outstanding_minor" bigint NOT NULL,
	"cleared_at" timestamp (3) with time zone,
	"cleared_outstanding_minor" bigint,
	"closed_at" timestamp (3) with time zone,
	"closed_reason" text,
	"version" integer NOT NULL,
	"effective_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "loan_overdue_not_negative" CHECK ("loan"."overdue_minor" >= 0)
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"loan_ref" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"not_before" timestamp (3) with time zone NOT NULL,
	"last_error" text
);
--> statement-breakpoint
CREATE TABLE "strategy_version" (
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"sha256" text NOT NULL,
	"content" jsonb NOT NULL,
	"first_used_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "strategy_version_id_version_pk" PRIMARY KEY("id","version")
);
--> statement-breakpoint
CREATE TABLE "task" (
	"task_id" text PRIMARY KEY NOT NULL,
	"loan_ref" text NOT NULL,
	"episode" integer NOT NULL,
	"step" text NOT NULL,
	"kind" text NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"goes_on_at" timestamp (3) with time zone NOT NULL,
	"answer" text,
	"actor" text,
	"reason" text,
	"answered_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "collection_case" ADD CONSTRAINT "collection_case_loan_ref_loan_loan_ref_fk" FOREIGN KEY ("loan_ref") REFERENCES "public"."loan"("loan_ref") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "loan" ADD CONSTRAINT "loan_debtor_ref_debtor_debtor_ref_fk" FOREIGN KEY ("debtor_ref") REFERENCES "public"."debtor"("debtor_ref") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "collection_case_debtor" ON "collection_case" USING btree ("debtor_ref");--> statement-breakpoint
CREATE INDEX "contact_intent_budget" ON "contact_intent" USING btree ("debtor_ref","channel","local_date");--> statement-breakpoint
CREATE INDEX "contact_intent_loan" ON "contact_intent" USING btree ("loan_ref","episode");--> statement-breakpoint
CREATE INDEX "inbox_event_loan" ON "inbox_event" USING btree ("loan_ref","effective_at");--> statement-breakpoint
CREATE INDEX "loan_debtor" ON "loan" USING btree ("debtor_ref");--> statement-breakpoint
CREATE INDEX "outbox_due" ON "outbox" USING btree ("not_before","id");--> statement-breakpoint
CREATE INDEX "outbox_loan" ON "outbox" USING btree ("loan_ref");--> statement-breakpoint
CREATE INDEX "task_status" ON "task" USING btree ("status","opened_at");--> statement-breakpoint
CREATE INDEX "task_loan" ON "task" USING btree ("loan_ref");
CREATE TABLE "grievance" (
	"grievance_id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"loan_ref" text NOT NULL,
	"debtor_ref" text NOT NULL,
	"episode" integer,
	"way" text NOT NULL,
	"reason" text NOT NULL,
	"about_kind" text,
	"about_ref" text,
	"actor" text NOT NULL,
	"statement" text,
	"fingerprint" text NOT NULL,
	"raised_at" timestamp (3) with time zone NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"levels" jsonb NOT NULL,
	"status" text DEFAULT 'raised' NOT NULL,
	"acknowledged_at" timestamp (3) with time zone,
	"outcome" text,
	"decided_at" timestamp (3) with time zone,
	"decided_by" text,
	"findings" text,
	"answered_at" timestamp (3) with time zone,
	"answered_by" text,
	"answer_channel" text,
	"answer_reference" text,
	"remedy" text,
	"corrected_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "suspension" (
	"suspension_id" text PRIMARY KEY NOT NULL,
	"subject_kind" text NOT NULL,
	"subject_ref" text NOT NULL,
	"from_at" timestamp (3) with time zone NOT NULL,
	"until_at" timestamp (3) with time zone NOT NULL,
	"reason" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "task" ALTER COLUMN "episode" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "task" ADD COLUMN "grievance_id" text;--> statement-breakpoint
CREATE INDEX "grievance_loan" ON "grievance" USING btree ("loan_ref");--> statement-breakpoint
CREATE INDEX "grievance_status" ON "grievance" USING btree ("kind","status","grievance_id");--> statement-breakpoint
CREATE INDEX "suspension_subject" ON "suspension" USING btree ("subject_kind","subject_ref");--> statement-breakpoint
CREATE INDEX "task_grievance" ON "task" USING btree ("grievance_id");
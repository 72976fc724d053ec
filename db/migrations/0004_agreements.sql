CREATE TABLE "agreement" (
	"loan_ref" text NOT NULL,
	"episode" integer NOT NULL,
	"agreement_id" text NOT NULL,
	"kind" text NOT NULL,
	"way" text NOT NULL,
	"reason" text,
	"actor" text NOT NULL,
	"made_at" timestamp (3) with time zone NOT NULL,
	"instalments" jsonb NOT NULL,
	"tolerance_minor" bigint NOT NULL,
	"discount_minor" bigint NOT NULL,
	"freezes_interest" boolean NOT NULL,
	"status" text NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"received_minor" bigint NOT NULL,
	"instalments_paid" integer NOT NULL,
	CONSTRAINT "agreement_loan_ref_episode_agreement_id_pk" PRIMARY KEY("loan_ref","episode","agreement_id")
);
--> statement-breakpoint
CREATE INDEX "agreement_status" ON "agreement" USING btree ("status","made_at");
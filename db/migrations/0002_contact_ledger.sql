-- One ledger for every contact, ours and the debtor's. What the old one holds stays.
ALTER TABLE "contact_intent" RENAME TO "contact";--> statement-breakpoint
ALTER TABLE "contact" RENAME CONSTRAINT "contact_intent_pkey" TO "contact_pkey";--> statement-breakpoint
ALTER INDEX "contact_intent_loan" RENAME TO "contact_loan";--> statement-breakpoint
DROP INDEX "contact_intent_budget";--> statement-breakpoint
ALTER TABLE "contact"
	ALTER COLUMN "loan_ref" DROP NOT NULL,
	ALTER COLUMN "episode" DROP NOT NULL,
	ALTER COLUMN "step" DROP NOT NULL,
	ALTER COLUMN "template" DROP NOT NULL,
	ALTER COLUMN "balance_version" DROP NOT NULL,
	ADD COLUMN "initiator" text DEFAULT 'us' NOT NULL,
	ADD COLUMN "person" text DEFAULT 'debtor' NOT NULL,
	ADD COLUMN "address" text,
	ADD COLUMN "actor" text,
	ADD COLUMN "result" text,
	ADD COLUMN "delivery" text,
	ADD COLUMN "delivered_at" timestamp (3) with time zone,
	ADD COLUMN "delivery_reason" text,
	ADD COLUMN "note" text,
	ADD COLUMN "note_findings" text[];--> statement-breakpoint
CREATE TABLE "debtor_event" (
	"event_id" text PRIMARY KEY NOT NULL,
	"debtor_ref" text NOT NULL,
	"type" text NOT NULL,
	"effective_at" timestamp (3) with time zone NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"fingerprint" text NOT NULL,
	"data" jsonb NOT NULL
);--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "about" text DEFAULT 'balance' NOT NULL;--> statement-breakpoint
CREATE INDEX "contact_debtor" ON "contact" USING btree ("debtor_ref","at");--> statement-breakpoint
CREATE INDEX "contact_without_receipt" ON "contact" USING btree ("settled_at") WHERE status = 'sent' and delivery is null;--> statement-breakpoint
CREATE INDEX "debtor_event_debtor" ON "debtor_event" USING btree ("debtor_ref");

ALTER TABLE "contact" ADD COLUMN "third_party_ref" text;--> statement-breakpoint
ALTER TABLE "contact" ADD COLUMN "receipt_asked_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "debtor_phone" ON "debtor" USING btree ("phone");--> statement-breakpoint
CREATE INDEX "debtor_email" ON "debtor" USING btree (lower("email"));--> statement-breakpoint
CREATE INDEX "debtor_push" ON "debtor" USING btree ("push_id");
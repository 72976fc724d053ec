CREATE TABLE "review_sample" (
	"sample_id" bigserial PRIMARY KEY NOT NULL,
	"contact_key" text NOT NULL,
	"why" text NOT NULL,
	"agent" text,
	"chosen_at" timestamp (3) with time zone NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"form_version" integer,
	"answers" jsonb,
	"verdict" text,
	"reviewer" text,
	"reviewed_at" timestamp (3) with time zone,
	CONSTRAINT "review_sample_contact_key_unique" UNIQUE("contact_key")
);
--> statement-breakpoint
ALTER TABLE "review_sample" ADD CONSTRAINT "review_sample_contact_key_contact_key_fk" FOREIGN KEY ("contact_key") REFERENCES "public"."contact"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "review_sample_status" ON "review_sample" USING btree ("status","sample_id");--> statement-breakpoint
CREATE INDEX "review_sample_agent" ON "review_sample" USING btree ("agent","status","sample_id");
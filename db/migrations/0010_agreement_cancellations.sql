ALTER TABLE "agreement" ADD COLUMN "cancelled_by" text;--> statement-breakpoint
ALTER TABLE "agreement" ADD COLUMN "cancel_reason" text;
-- A case's record is only ever added to. Whoever must remove rows by law does so as the owner, with the trigger off and on record.
create function refuse_change_of_record() returns trigger language plpgsql as $$
begin
  raise exception 'case_record is append-only' using errcode = 'restrict_violation';
end
$$;
--> statement-breakpoint
create trigger case_record_append_only before update or delete on case_record
  for each row execute function refuse_change_of_record();
--> statement-breakpoint
create trigger case_record_no_truncate before truncate on case_record
  for each statement execute function refuse_change_of_record();

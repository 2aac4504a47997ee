import { Migration } from '@mikro-orm/migrations';

/** What large tables need: prospects that are cheap to update, activities that may go when they are old. */
export class Migration0005LargeTables extends Migration {
  override name = '0005_large_tables';

  override up(): void {
    this.addSql(`drop trigger "activities_append_only" on "activities"`);
    this.addSql(`create trigger "activities_append_only" before update on "activities"
      for each row execute function refuse_change()`);
    // Whatever the settings of retention say.
    this.addSql(`create trigger "activities_kept" before delete on "activities"
      for each row when (old."created_at" > now() - interval '30 days')
      execute function refuse_change()`);
    // A trigger before the row has PostgreSQL compute every generated column anew, "search" included, whatever was
    // changed; one after it does not.
    this.addSql(`create function touch_prospect() returns trigger
      language plpgsql
      as $$
    begin
      update prospects set updated_at = greatest(now(), old.updated_at + interval '1 millisecond') where id = new.id;
      return null;
    end
    $$`);
    this.addSql(`drop trigger "prospects_touch" on "prospects"`);
    this.addSql(`create trigger "prospects_touch" after update on "prospects"
      for each row when (new."updated_at" <= old."updated_at")
      execute function touch_prospect()`);
    this.addSql(`drop trigger "prospects_transition" on "prospects"`);
    this.addSql(`create trigger "prospects_transition" after update of "review_status" on "prospects"
      for each row when (old."review_status" is distinct from new."review_status")
      execute function check_transition('review_status', 'pending>approved pending>rejected approved>rejected approved>pending rejected>pending')`);
    this.addSql(`drop trigger "prospects_keep_contacted_approved" on "prospects"`);
    this.addSql(`create trigger "prospects_keep_contacted_approved" after update of "review_status" on "prospects"
      for each row when (old."review_status" = 'approved' and new."review_status" <> 'approved' and old."sent_at" is not null)
      execute function keep_contacted_approved()`);
    this.addSql(`create or replace function project_social_draft() returns trigger
      language plpgsql
      as $$
    begin
      -- Locked by a statement of its own: the next one sees what was committed meanwhile.
      perform from prospects where id = new.prospect_id for no key update;
      update prospects set social_draft_status = furthest.draft_status, updated_at = greatest(now(), updated_at + interval '1 millisecond') from (
        select draft_status from social_profiles where prospect_id = new.prospect_id
        order by array_position(array['approved', 'pending_review', 'generating', 'sent', 'rejected', 'failed', 'none']::draft_status[], draft_status) limit 1
      ) as furthest
      where id = new.prospect_id and social_draft_status <> furthest.draft_status;
      return null;
    end
    $$`);
  }
}

import { Migration } from '@mikro-orm/migrations';

/** Approving, sending, answers, follow-ups, templates, saved filters and webhooks. */
export class Migration0004Outreach extends Migration {
  override name = '0004_outreach';

  override up(): void {
    this.addSql(`create type "inbound_kind" as enum ('reply', 'auto_reply', 'bounce', 'delivery_report', 'complaint', 'unrelated')`);
    this.addSql(`create type "channel" as enum ('email', 'social')`);
    this.addSql(`create type "delivery_state" as enum ('waiting', 'delivered', 'failed')`);
    this.addSql(`create table "mailboxes" ("name" text not null, "uid_validity" bigint not null, "last_uid" bigint not null default '0', "read_at" timestamptz(3) null, "error" text null, "leased_by" uuid null, "lease_until" timestamptz(3) null, primary key ("name"))`);
    this.addSql(`create table "inbound_messages" ("id" uuid not null, "created_at" timestamptz(3) not null default now(), "raw" bytea not null, "raw_hash" text not null, "received_at" timestamptz(3) null, "source" text not null, "sender" text null, "subject" text null, "excerpt" text null, "kind" "inbound_kind" not null, "classifier" int not null, "details" jsonb not null default '{}', "email_message_id" uuid null, "prospect_id" uuid null, primary key ("id"))`);
    this.addSql(`create index "inbound_messages_email_message" on "inbound_messages" ("email_message_id")`);
    this.addSql(`create index "inbound_messages_prospect" on "inbound_messages" ("prospect_id", "created_at", "id")`);
    this.addSql(`create index "inbound_messages_created_at" on "inbound_messages" ("created_at", "id")`);
    this.addSql(`alter table "inbound_messages" add constraint "inbound_messages_raw_hash" unique ("raw_hash")`);
    this.addSql(`create table "email_draft_versions" ("id" uuid not null, "created_at" timestamptz(3) not null default now(), "version" int not null, "body" text not null, "fingerprint" text not null, "replaced_by" text not null, "draft_id" uuid not null, "subject" text not null, primary key ("id"))`);
    this.addSql(`alter table "email_draft_versions" add constraint "email_draft_versions_version" unique ("draft_id", "version")`);
    this.addSql(`create table "saved_filters" ("id" uuid not null, "created_at" timestamptz(3) not null default now(), "updated_at" timestamptz(3) not null default now(), "name" text not null, "filter" jsonb not null, "created_by" text null, primary key ("id"))`);
    this.addSql(`alter table "saved_filters" add constraint "saved_filters_name" unique ("name")`);
    this.addSql(`create table "senders" ("id" uuid not null, "created_at" timestamptz(3) not null default now(), "updated_at" timestamptz(3) not null default now(), "channel" "channel" not null, "address" text not null, "day" date null, "sent_today" int not null default 0, "claimed_at" timestamptz(3) null, "blocked_by" text null, "blocked_until" timestamptz(3) null, "failures" int not null default 0, "checked_at" timestamptz(3) null, "records" jsonb not null default '[]', primary key ("id"))`);
    this.addSql(`alter table "senders" add constraint "senders_address" unique ("channel", "address")`);
    this.addSql(`create table "social_draft_versions" ("id" uuid not null, "created_at" timestamptz(3) not null default now(), "version" int not null, "body" text not null, "fingerprint" text not null, "replaced_by" text not null, "draft_id" uuid not null, primary key ("id"))`);
    this.addSql(`alter table "social_draft_versions" add constraint "social_draft_versions_version" unique ("draft_id", "version")`);
    this.addSql(`create table "templates" ("id" uuid not null, "created_at" timestamptz(3) not null default now(), "updated_at" timestamptz(3) not null default now(), "name" text not null, "channel" "channel" not null, "subject" text null, "body" text not null, "created_by" text null, primary key ("id"))`);
    this.addSql(`alter table "templates" add constraint "templates_name" unique ("name")`);
    this.addSql(`create table "webhooks" ("id" uuid not null, "created_at" timestamptz(3) not null default now(), "updated_at" timestamptz(3) not null default now(), "url" text not null, "events" text[] not null, "secret" text not null, "enabled" boolean not null default true, "created_by" text null, primary key ("id"))`);
    this.addSql(`create table "webhook_deliveries" ("id" uuid not null, "created_at" timestamptz(3) not null default now(), "webhook_id" uuid not null, "event_id" uuid not null, "event" text not null, "payload" jsonb not null, "state" "delivery_state" not null default 'waiting', "attempts" int not null default 0, "due_at" timestamptz(3) not null default now(), "http_status" int null, "error" text null, "finished_at" timestamptz(3) null, primary key ("id"))`);
    this.addSql(`create index "webhook_deliveries_due" on "webhook_deliveries" ("webhook_id", "due_at") where "state" = 'waiting'`);
    this.addSql(`create index "webhook_deliveries_created_at" on "webhook_deliveries" ("created_at", "id")`);
    this.addSql(`alter table "webhook_deliveries" add constraint "webhook_deliveries_event" unique ("webhook_id", "event_id")`);
    this.addSql(`create index "discovery_queries_created_at" on "discovery_queries" ("created_at", "id")`);
    this.addSql(`alter table "jobs" add "cost" numeric(12,6) not null default 0`);
    this.addSql(`alter table "prospects" add "erased_at" timestamptz(3) null, add "email_bounced" boolean not null default false`);
    this.addSql(`create index "prospects_email" on "prospects" ("email") where "email" is not null`);
    this.addSql(`create unique index "email_drafts_one_open_follow_up" on "email_drafts" ("prospect_id") where "is_follow_up" and "status" in ('generating', 'pending_review', 'approved')`);
    // Until now nothing could be approved here: these were, in the system that they were taken over from.
    this.addSql(`update "email_drafts" set approved_fingerprint = fingerprint where status in ('approved', 'sent')`);
    this.addSql(`alter table "email_drafts" add constraint "email_drafts_approved_text" check (coalesce(approved_fingerprint, '') = fingerprint or status in ('generating', 'pending_review', 'rejected', 'failed'))`);
    this.addSql(`alter table "email_messages" drop constraint "email_messages_draft"`);
    this.addSql(`alter table "email_messages" add "chunk" int null, add "fence" int not null default 0, add "lease_until" timestamptz(3) null, add "handed_over_at" timestamptz(3) null, add "fingerprint" text null, add "sender" text null, add "response" text null`);
    this.addSql(`create index "email_messages_blocked" on "email_messages" ("created_at", "id") where "blocked_by" is not null`);
    this.addSql(`create index "email_messages_sending" on "email_messages" ("lease_until") where "status" = 'sending'`);
    this.addSql(`create index "email_messages_waiting" on "email_messages" ("job_id", "chunk") where "status" in ('queued', 'deferred')`);
    this.addSql(`create unique index "email_messages_one_of_draft" on "email_messages" ("draft_id") where "status" not in ('failed', 'cancelled')`);
    this.addSql(`create index "email_messages_draft" on "email_messages" ("draft_id")`);
    this.addSql(`create unique index "social_drafts_one_open_follow_up" on "social_drafts" ("social_profile_id") where "is_follow_up" and "status" in ('generating', 'pending_review', 'approved')`);
    this.addSql(`update "social_drafts" set approved_fingerprint = fingerprint where status in ('approved', 'sent')`);
    this.addSql(`alter table "social_drafts" add constraint "social_drafts_approved_text" check (coalesce(approved_fingerprint, '') = fingerprint or status in ('generating', 'pending_review', 'rejected', 'failed'))`);
    this.addSql(`alter table "social_messages" drop constraint "social_messages_draft"`);
    this.addSql(`alter table "social_messages" add "chunk" int null, add "fence" int not null default 0, add "lease_until" timestamptz(3) null, add "handed_over_at" timestamptz(3) null, add "fingerprint" text null, add "sender" text null, add "response" text null`);
    this.addSql(`create index "social_messages_blocked" on "social_messages" ("created_at", "id") where "blocked_by" is not null`);
    this.addSql(`create index "social_messages_sending" on "social_messages" ("lease_until") where "status" = 'sending'`);
    this.addSql(`create index "social_messages_waiting" on "social_messages" ("job_id", "chunk") where "status" in ('queued', 'deferred')`);
    this.addSql(`create unique index "social_messages_one_of_draft" on "social_messages" ("draft_id") where "status" not in ('failed', 'cancelled')`);
    this.addSql(`create index "social_messages_draft" on "social_messages" ("draft_id")`);
    this.addSql(`alter table "prospects" add "social_draft_status" "draft_status" not null default 'none'`);
    this.addSql(`update "prospects" set social_draft_status = (
      select draft_status from "social_profiles" where prospect_id = prospects.id
      order by array_position(array['approved', 'pending_review', 'generating', 'sent', 'rejected', 'failed', 'none']::draft_status[], draft_status) limit 1
    ) where id in (select prospect_id from "social_profiles" where draft_status <> 'none')`);
    // A draft waits, or is approved, on either channel.
    this.addSql(`alter table "prospects" drop column "stage"`);
    this.addSql(`alter table "prospects" add "stage" "pipeline_stage" generated always as (case
      when excluded_at is not null then 'excluded'::pipeline_stage
      when replied_at is not null then 'replied'::pipeline_stage
      when followed_up_at is not null then 'followed_up'::pipeline_stage
      when sent_at is not null then 'sent'::pipeline_stage
      when draft_status = 'approved'::draft_status or social_draft_status = 'approved'::draft_status then 'approved'::pipeline_stage
      when draft_status = any (array['generating'::draft_status, 'pending_review'::draft_status])
        or social_draft_status = any (array['generating'::draft_status, 'pending_review'::draft_status]) then 'drafted'::pipeline_stage
      when review_status = 'approved'::review_status then 'reviewed'::pipeline_stage
      when review_status = 'rejected'::review_status then 'rejected'::pipeline_stage
      else 'discovered'::pipeline_stage
    end) stored not null`);
    this.addSql(`create index "prospects_stage" on "prospects" ("stage", "created_at", "id")`);
    this.addSql(`alter table "suppressions" add "created_by" text null`);
    this.addSql(`alter table "inbound_messages" add constraint "inbound_messages_email_message_id_foreign" foreign key ("email_message_id") references "email_messages" ("id") on delete set null`);
    this.addSql(`alter table "inbound_messages" add constraint "inbound_messages_prospect_id_foreign" foreign key ("prospect_id") references "prospects" ("id") on delete set null`);
    this.addSql(`alter table "email_draft_versions" add constraint "email_draft_versions_draft_id_foreign" foreign key ("draft_id") references "email_drafts" ("id") on delete cascade`);
    this.addSql(`alter table "social_draft_versions" add constraint "social_draft_versions_draft_id_foreign" foreign key ("draft_id") references "social_drafts" ("id") on delete cascade`);
    this.addSql(`alter table "webhook_deliveries" add constraint "webhook_deliveries_webhook_id_foreign" foreign key ("webhook_id") references "webhooks" ("id") on delete cascade`);
    this.addSql(`create function keep_contacted_approved() returns trigger
      language plpgsql
      as $$
    begin
      raise exception 'prospects.review_status stays approved: something was sent to %', old.id
        using errcode = 'check_violation', table = tg_table_name, column = 'review_status';
    end
    $$`);
    this.addSql(`create function keep_text() returns trigger
      language plpgsql
      as $$
    begin
      raise exception 'the text of %.% is fixed while it is %', tg_table_name, old.id, old.status
        using errcode = 'check_violation', table = tg_table_name;
    end
    $$`);
    this.addSql(`create trigger "prospects_keep_contacted_approved" before update of "review_status" on "prospects"
      for each row when (old."review_status" = 'approved' and new."review_status" <> 'approved' and old."sent_at" is not null)
      execute function keep_contacted_approved()`);
    this.addSql(`create function require_new_fingerprint() returns trigger
      language plpgsql
      as $$
    begin
      raise exception 'the text of %.% changes only together with its fingerprint', tg_table_name, old.id
        using errcode = 'check_violation', table = tg_table_name, column = 'fingerprint';
    end
    $$`);
    // Whoever has read a fingerprint has read the text. An empty body: erased.
    this.addSql(`create trigger "email_drafts_new_fingerprint" before update of "subject", "body", "recipient" on "email_drafts"
      for each row when (new."body" <> '' and new."fingerprint" = old."fingerprint"
        and (old."subject", old."body", old."recipient") is distinct from (new."subject", new."body", new."recipient"))
      execute function require_new_fingerprint()`);
    this.addSql(`create trigger "social_drafts_new_fingerprint" before update of "body", "recipient" on "social_drafts"
      for each row when (new."body" <> '' and new."fingerprint" = old."fingerprint"
        and (old."body", old."recipient") is distinct from (new."body", new."recipient"))
      execute function require_new_fingerprint()`);
    this.addSql(`create trigger "email_drafts_keep_text" before update of "subject", "body", "recipient", "fingerprint" on "email_drafts"
      for each row when (old."status" in ('approved', 'sent') and new."status" = old."status" and new."body" <> ''
        and (old."subject", old."body", old."recipient", old."fingerprint") is distinct from (new."subject", new."body", new."recipient", new."fingerprint"))
      execute function keep_text()`);
    this.addSql(`create trigger "social_drafts_keep_text" before update of "body", "recipient", "fingerprint" on "social_drafts"
      for each row when (old."status" in ('approved', 'sent') and new."status" = old."status" and new."body" <> ''
        and (old."body", old."recipient", old."fingerprint") is distinct from (new."body", new."recipient", new."fingerprint"))
      execute function keep_text()`);
    this.addSql(`create trigger "email_messages_keep_text" before update of "subject", "body", "recipient", "fingerprint" on "email_messages"
      for each row when (new."body" <> ''
        and (old."subject", old."body", old."recipient", old."fingerprint") is distinct from (new."subject", new."body", new."recipient", new."fingerprint"))
      execute function keep_text()`);
    this.addSql(`create trigger "social_messages_keep_text" before update of "body", "recipient", "fingerprint" on "social_messages"
      for each row when (new."body" <> ''
        and (old."body", old."recipient", old."fingerprint") is distinct from (new."body", new."recipient", new."fingerprint"))
      execute function keep_text()`);
    this.addSql(`create function project_social_draft() returns trigger
      language plpgsql
      as $$
    begin
      -- Locked by a statement of its own: the next one sees what was committed meanwhile.
      perform from prospects where id = new.prospect_id for no key update;
      update prospects set social_draft_status = furthest.draft_status from (
        select draft_status from social_profiles where prospect_id = new.prospect_id
        order by array_position(array['approved', 'pending_review', 'generating', 'sent', 'rejected', 'failed', 'none']::draft_status[], draft_status) limit 1
      ) as furthest
      where id = new.prospect_id and social_draft_status <> furthest.draft_status;
      return null;
    end
    $$`);
    this.addSql(`create trigger "social_profiles_project_draft" after update of "draft_status" on "social_profiles"
      for each row when (old."draft_status" <> new."draft_status")
      execute function project_social_draft()`);
    this.addSql(`create trigger "social_profiles_project_new_draft" after insert on "social_profiles"
      for each row when (new."draft_status" <> 'none')
      execute function project_social_draft()`);
    // What differed once: a row of schema_drifts comes here when it ends.
    this.addSql(`create table "schema_past_drifts" (
      "id" text not null,
      "since" timestamptz(3) not null,
      "until" timestamptz(3) not null,
      "effect" text null,
      "message" text null,
      "changed_by" text null,
      primary key ("id", "since")
    )`);
    this.addSql(`create trigger "senders_touch" before update on "senders"
      for each row execute function touch_updated_at()`);
    this.addSql(`create trigger "templates_touch" before update on "templates"
      for each row execute function touch_updated_at()`);
    this.addSql(`create trigger "saved_filters_touch" before update on "saved_filters"
      for each row execute function touch_updated_at()`);
    this.addSql(`create trigger "webhooks_touch" before update on "webhooks"
      for each row execute function touch_updated_at()`);
  }
}

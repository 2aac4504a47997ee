import { Migration } from '@mikro-orm/migrations';

/** The tables of the pipeline, of jobs and of access, with their states enforced by triggers. */
export class Migration0001Pipeline extends Migration {
  override name = '0001_pipeline';

  override up(): void {
    this.addSql(`create type "role" as enum ('viewer', 'operator', 'admin')`);
    this.addSql(`create type "platform" as enum ('website', 'linkedin', 'instagram', 'facebook', 'tiktok', 'x', 'youtube', 'bluesky', 'mastodon', 'github', 'gitlab', 'other')`);
    this.addSql(`create type "job_type" as enum ('import', 'discover', 'draft', 'send', 'follow_up')`);
    this.addSql(`create type "job_status" as enum ('pending', 'running', 'paused', 'cancelling', 'cancelled', 'succeeded', 'completed_with_errors', 'failed')`);
    this.addSql(`create type "chunk_state" as enum ('ready', 'running', 'done', 'cancelled')`);
    this.addSql(`create type "target_outcome" as enum ('created', 'updated', 'unchanged', 'duplicate', 'done', 'skipped', 'failed')`);
    this.addSql(`create type "source_type" as enum ('website', 'social')`);
    this.addSql(`create type "review_status" as enum ('pending', 'approved', 'rejected')`);
    this.addSql(`create type "draft_status" as enum ('none', 'generating', 'pending_review', 'approved', 'rejected', 'sent', 'failed')`);
    this.addSql(`create type "pipeline_stage" as enum ('discovered', 'rejected', 'reviewed', 'drafted', 'approved', 'sent', 'followed_up', 'replied', 'excluded')`);
    this.addSql(`create type "message_status" as enum ('queued', 'sending', 'sent', 'deferred', 'failed', 'bounced', 'complained', 'replied', 'cancelled', 'outcome_unknown')`);
    this.addSql(`create type "suppression_kind" as enum ('email', 'domain', 'handle')`);
    this.addSql(`create function search_document(display_name text, username text, bio_text text, tags text[])
      returns tsvector
      language sql immutable parallel safe
      return setweight(to_tsvector('simple'::regconfig, coalesce(display_name, '') || ' ' || coalesce(username, '')), 'A')
        || setweight(to_tsvector('simple'::regconfig, array_to_string(tags, ' ')), 'B')
        || setweight(to_tsvector('simple'::regconfig, left(coalesce(bio_text, ''), 20000)), 'C')`);
    this.addSql(`create function touch_updated_at() returns trigger
      language plpgsql
      as $$
    begin
      new.updated_at := greatest(now(), old.updated_at + interval '1 millisecond');
      return new;
    end
    $$`);
    this.addSql(`create function check_transition() returns trigger
      language plpgsql
      as $$
    declare
      was text := to_jsonb(old) ->> tg_argv[0];
      becomes text := to_jsonb(new) ->> tg_argv[0];
    begin
      if not (was || '>' || becomes) = any (string_to_array(tg_argv[1], ' ')) then
        raise exception '%.% cannot go from % to %', tg_table_name, tg_argv[0], was, becomes
          using errcode = 'check_violation', table = tg_table_name, column = tg_argv[0];
      end if;
      return new;
    end
    $$`);
    this.addSql(`create function refuse_change() returns trigger
      language plpgsql
      as $$
    begin
      raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
    end
    $$`);
    this.addSql(`create table "activities" (
      "id" uuid not null,
      "created_at" timestamptz(3) not null default now(),
      "actor" text not null,
      "action" text not null,
      "subject_type" text not null,
      "subject_id" uuid not null,
      "from_state" text null,
      "to_state" text null,
      "details" jsonb not null default '{}',
      primary key ("id")
    )`);
    this.addSql(`create index "activities_created_at" on "activities" ("created_at", "id")`);
    this.addSql(`create index "activities_subject" on "activities" ("subject_type", "subject_id", "created_at")`);
    this.addSql(`create table "api_keys" (
      "id" uuid not null,
      "created_at" timestamptz(3) not null default now(),
      "name" text not null,
      "role" "role" not null,
      "hash" text not null,
      "expires_at" timestamptz(3) null,
      "revoked_at" timestamptz(3) null,
      primary key ("id")
    )`);
    this.addSql(`alter table "api_keys" add constraint "api_keys_hash" unique ("hash")`);
    this.addSql(`create table "discovery_queries" (
      "id" uuid not null,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      "platform" "platform" not null,
      "query" text not null,
      "search_intent" text null,
      "target_audience" text null,
      "location" text null,
      "language" text null,
      "min_followers" int null,
      "filters" jsonb not null default '{}',
      "created_by" text null,
      primary key ("id")
    )`);
    this.addSql(`create table "idempotency_keys" (
      "caller" text not null,
      "mutation" text not null,
      "key" text not null,
      "input_hash" text not null,
      "job_id" uuid not null,
      "created_at" timestamptz(3) not null default now(),
      primary key ("caller", "mutation", "key")
    )`);
    this.addSql(`create index "idempotency_keys_created_at" on "idempotency_keys" ("created_at")`);
    this.addSql(`create table "jobs" (
      "id" uuid not null,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      "job_type" "job_type" not null,
      "status" "job_status" not null default 'pending',
      "sequence" int not null default 0,
      "total_targets" int null,
      "done_count" int not null default 0,
      "failed_count" int not null default 0,
      "skipped_count" int not null default 0,
      "processed" int generated always as (done_count + failed_count + skipped_count) stored not null,
      "drafts_created" int not null default 0,
      "outcome_counts" jsonb not null default '{}',
      "failure_reasons" jsonb not null default '[]',
      "parameters" jsonb not null default '{}',
      "dry_run" boolean not null default false,
      "created_by" text null,
      "attempt" int not null default 1,
      "retry_of_id" uuid null,
      "error" text null,
      "started_at" timestamptz(3) null,
      "finished_at" timestamptz(3) null,
      primary key ("id")
    )`);
    this.addSql(`create index "jobs_retry_of" on "jobs" ("retry_of_id")`);
    this.addSql(`create index "jobs_finished_at" on "jobs" (coalesce("finished_at", 'infinity'::timestamptz), "id")`);
    this.addSql(`create index "jobs_status" on "jobs" ("status", "created_at", "id")`);
    this.addSql(`create index "jobs_job_type" on "jobs" ("job_type", "created_at", "id")`);
    this.addSql(`create index "jobs_created_at" on "jobs" ("created_at", "id")`);
    this.addSql(`alter table "jobs" add constraint "jobs_finished_at_in_terminal_states" check ((finished_at is not null) = (status in ('cancelled', 'succeeded', 'completed_with_errors', 'failed')))`);
    this.addSql(`alter table "jobs" add constraint "jobs_counters_not_negative" check (least(done_count, failed_count, skipped_count, drafts_created) >= 0)`);
    this.addSql(`create table "job_chunks" (
      "job_id" uuid not null,
      "number" int not null,
      "state" "chunk_state" not null default 'ready',
      "fence" int not null default 0,
      "lease_until" timestamptz(3) null,
      "leased_by" uuid null,
      "attempts" int not null default 0,
      "target_ids" uuid[] not null default '{}',
      "first_ordinal" int not null,
      "target_count" int not null,
      "done_count" int not null default 0,
      "failed_count" int not null default 0,
      "skipped_count" int not null default 0,
      "drafts_created" int not null default 0,
      "outcome_counts" jsonb not null default '{}',
      "error" text null,
      primary key ("job_id", "number")
    )`);
    this.addSql(`create index "job_chunks_claimable" on "job_chunks" ("job_id", "number") where "state" in ('ready', 'running')`);
    this.addSql(`alter table "job_chunks" add constraint "job_chunks_lease" check ((state = 'running') = (lease_until is not null))`);
    this.addSql(`create table "job_targets" (
      "job_id" uuid not null,
      "ordinal" int not null,
      "target_id" uuid null,
      "outcome" "target_outcome" not null,
      "attempts" int not null default 1,
      "code" text null,
      "message" text null,
      "line" int null,
      "column_name" text null,
      "value" text null,
      primary key ("job_id", "ordinal")
    )`);
    this.addSql(`create index "job_targets_failed" on "job_targets" ("job_id", "code", "ordinal") where "outcome" = 'failed'`);
    this.addSql(`create table "prospects" (
      "id" uuid not null,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      "canonical_key" text not null,
      "source_type" "source_type" not null default 'website',
      "source_platform" "platform" not null default 'website',
      "profile_url" text null,
      "username" text null,
      "display_name" text not null,
      "email" text null,
      "email_blocked" boolean not null default false,
      "bio_text" text null,
      "external_links" jsonb not null default '[]',
      "follower_count" int null,
      "engagement_rate" numeric(5,2) null,
      "tags" text[] not null default '{}',
      "scraped_at" timestamptz(3) null,
      "discovery_query_id" uuid null,
      "source_job_id" uuid null,
      "review_status" "review_status" not null default 'pending',
      "review_reason" text null,
      "review_batch" uuid null,
      "draft_subject" text null,
      "draft_body" text null,
      "draft_status" "draft_status" not null default 'none',
      "sent_at" timestamptz(3) null,
      "followed_up_at" timestamptz(3) null,
      "replied_at" timestamptz(3) null,
      "excluded_at" timestamptz(3) null,
      "stage" "pipeline_stage" generated always as (case
      when excluded_at is not null then 'excluded'::pipeline_stage
      when replied_at is not null then 'replied'::pipeline_stage
      when followed_up_at is not null then 'followed_up'::pipeline_stage
      when sent_at is not null then 'sent'::pipeline_stage
      when draft_status = 'approved'::draft_status then 'approved'::pipeline_stage
      when draft_status = any (array['generating'::draft_status, 'pending_review'::draft_status]) then 'drafted'::pipeline_stage
      when review_status = 'approved'::review_status then 'reviewed'::pipeline_stage
      when review_status = 'rejected'::review_status then 'rejected'::pipeline_stage
      else 'discovered'::pipeline_stage
    end) stored not null,
      "search" tsvector generated always as (search_document(display_name, username, bio_text, tags)) stored not null,
      primary key ("id")
    )`);
    this.addSql(`create index "prospects_search" on "prospects" using gin ("search")`);
    this.addSql(`create index "prospects_tags" on "prospects" using gin ("tags")`);
    this.addSql(`create index "prospects_review_batch" on "prospects" ("review_batch", "created_at", "id") where "review_batch" is not null`);
    this.addSql(`create index "prospects_without_email" on "prospects" ("created_at", "id") where "email" is null`);
    this.addSql(`create index "prospects_with_email" on "prospects" ("created_at", "id") where "email" is not null`);
    this.addSql(`create index "prospects_discovery_query" on "prospects" ("discovery_query_id")`);
    this.addSql(`create index "prospects_source_job" on "prospects" ("source_job_id", "created_at", "id")`);
    this.addSql(`create index "prospects_source_platform" on "prospects" ("source_platform", "created_at", "id")`);
    this.addSql(`create index "prospects_source_type" on "prospects" ("source_type", "created_at", "id")`);
    this.addSql(`create index "prospects_draft_status" on "prospects" ("draft_status", "created_at", "id")`);
    this.addSql(`create index "prospects_review_status" on "prospects" ("review_status", "created_at", "id")`);
    this.addSql(`create index "prospects_stage" on "prospects" ("stage", "created_at", "id")`);
    this.addSql(`create index "prospects_follower_count" on "prospects" (coalesce("follower_count", -1), "id")`);
    this.addSql(`create index "prospects_display_name" on "prospects" (lower("display_name"), "id")`);
    this.addSql(`create index "prospects_updated_at" on "prospects" ("updated_at", "id")`);
    this.addSql(`create index "prospects_created_at" on "prospects" ("created_at", "id")`);
    this.addSql(`alter table "prospects" add constraint "prospects_canonical_key" unique ("canonical_key")`);
    this.addSql(`alter table "prospects" add constraint "prospects_external_links_array" check (jsonb_typeof(external_links) = 'array')`);
    this.addSql(`alter table "prospects" add constraint "prospects_follower_count_not_negative" check (follower_count >= 0)`);
    this.addSql(`alter table "prospects" add constraint "prospects_canonical_key_length" check (char_length(canonical_key) >= 1 and char_length(canonical_key) <= 2048)`);
    this.addSql(`alter table "prospects" add constraint "prospects_display_name_length" check (char_length(display_name) >= 1 and char_length(display_name) <= 500)`);
    this.addSql(`create table "email_drafts" (
      "id" uuid not null,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      "body" text not null,
      "status" "draft_status" not null default 'pending_review',
      "version" int not null default 1,
      "fingerprint" text not null,
      "approved_fingerprint" text null,
      "is_follow_up" boolean not null default false,
      "recipient" text null,
      "review_reason" text null,
      "problems" text[] not null default '{}',
      "prospect_id" uuid not null,
      "job_id" uuid null,
      "subject" text not null,
      primary key ("id")
    )`);
    this.addSql(`create index "email_drafts_with_problems" on "email_drafts" ("created_at", "id") where "problems" <> '{}'`);
    this.addSql(`create index "email_drafts_follow_up" on "email_drafts" ("created_at", "id") where "is_follow_up"`);
    this.addSql(`create index "email_drafts_status" on "email_drafts" ("status", "created_at", "id")`);
    this.addSql(`create index "email_drafts_updated_at" on "email_drafts" ("updated_at", "id")`);
    this.addSql(`create index "email_drafts_created_at" on "email_drafts" ("created_at", "id")`);
    this.addSql(`create index "email_drafts_job" on "email_drafts" ("job_id", "created_at", "id")`);
    this.addSql(`create index "email_drafts_prospect" on "email_drafts" ("prospect_id", "created_at", "id")`);
    this.addSql(`create unique index "email_drafts_one_open" on "email_drafts" ("prospect_id") where not "is_follow_up" and "status" in ('generating', 'pending_review', 'approved', 'sent')`);
    this.addSql(`create table "email_messages" (
      "id" uuid not null,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      "status" "message_status" not null default 'queued',
      "is_follow_up" boolean not null default false,
      "body" text not null,
      "recipient" text not null,
      "error" text null,
      "blocked_by" text null,
      "due_at" timestamptz(3) null,
      "attempts" int not null default 0,
      "sent_at" timestamptz(3) null,
      "prospect_id" uuid not null,
      "draft_id" uuid not null,
      "job_id" uuid null,
      "subject" text not null,
      "message_id" text not null,
      primary key ("id")
    )`);
    this.addSql(`create index "email_messages_job" on "email_messages" ("job_id", "created_at", "id")`);
    this.addSql(`create index "email_messages_status" on "email_messages" ("status", "created_at", "id")`);
    this.addSql(`create index "email_messages_created_at" on "email_messages" ("created_at", "id")`);
    this.addSql(`create index "email_messages_prospect" on "email_messages" ("prospect_id", "created_at", "id")`);
    this.addSql(`alter table "email_messages" add constraint "email_messages_message_id" unique ("message_id")`);
    this.addSql(`alter table "email_messages" add constraint "email_messages_draft" unique ("draft_id")`);
    this.addSql(`create table "rate_limits" (
      "key" varchar(255) not null,
      "points" int not null default 0,
      "expire" bigint null,
      primary key ("key")
    )`);
    this.addSql(`create table "scraper_history" (
      "id" uuid not null,
      "created_at" timestamptz(3) not null default now(),
      "discovery_query_id" uuid null,
      "job_id" uuid null,
      "url" text not null,
      "http_status" int null,
      "prospects_found" int not null default 0,
      "error" text null,
      "finished_at" timestamptz(3) null,
      primary key ("id")
    )`);
    this.addSql(`create index "scraper_history_discovery_query" on "scraper_history" ("discovery_query_id")`);
    this.addSql(`create index "scraper_history_job" on "scraper_history" ("job_id")`);
    this.addSql(`create index "scraper_history_created_at" on "scraper_history" ("created_at", "id")`);
    this.addSql(`create table "settings" (
      "key" text not null,
      "value" jsonb not null,
      "updated_at" timestamptz(3) not null default now(),
      "updated_by" text null,
      primary key ("key")
    )`);
    this.addSql(`create table "social_discovery_jobs" (
      "id" uuid not null,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      "job_id" uuid not null,
      "discovery_query_id" uuid null,
      "platform" "platform" not null,
      "result_limit" int not null default 100,
      "cursor" text null,
      "profiles_found" int not null default 0,
      primary key ("id")
    )`);
    this.addSql(`create index "social_discovery_jobs_discovery_query" on "social_discovery_jobs" ("discovery_query_id")`);
    this.addSql(`alter table "social_discovery_jobs" add constraint "social_discovery_jobs_job" unique ("job_id")`);
    this.addSql(`create table "social_profiles" (
      "id" uuid not null,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      "prospect_id" uuid not null,
      "canonical_key" text not null,
      "platform" "platform" not null,
      "username" text not null,
      "display_name" text null,
      "profile_url" text not null,
      "bio_text" text null,
      "external_links" jsonb not null default '[]',
      "follower_count" int null,
      "engagement_rate" numeric(5,2) null,
      "scraped_at" timestamptz(3) null,
      "draft_status" "draft_status" not null default 'none',
      "search" tsvector generated always as (search_document(display_name, username, bio_text, '{}'::text[])) stored not null,
      primary key ("id")
    )`);
    this.addSql(`create index "social_profiles_search" on "social_profiles" using gin ("search")`);
    this.addSql(`create index "social_profiles_draft_status" on "social_profiles" ("draft_status", "created_at", "id")`);
    this.addSql(`create index "social_profiles_platform" on "social_profiles" ("platform", "created_at", "id")`);
    this.addSql(`create index "social_profiles_follower_count" on "social_profiles" (coalesce("follower_count", -1), "id")`);
    this.addSql(`create index "social_profiles_username" on "social_profiles" (lower("username"), "id")`);
    this.addSql(`create index "social_profiles_created_at" on "social_profiles" ("created_at", "id")`);
    this.addSql(`create index "social_profiles_prospect" on "social_profiles" ("prospect_id", "id")`);
    this.addSql(`alter table "social_profiles" add constraint "social_profiles_canonical_key" unique ("canonical_key")`);
    this.addSql(`alter table "social_profiles" add constraint "social_profiles_external_links_array" check (jsonb_typeof(external_links) = 'array')`);
    this.addSql(`alter table "social_profiles" add constraint "social_profiles_follower_count_not_negative" check (follower_count >= 0)`);
    this.addSql(`alter table "social_profiles" add constraint "social_profiles_username_length" check (char_length(username) >= 1 and char_length(username) <= 500)`);
    this.addSql(`create table "social_drafts" (
      "id" uuid not null,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      "body" text not null,
      "status" "draft_status" not null default 'pending_review',
      "version" int not null default 1,
      "fingerprint" text not null,
      "approved_fingerprint" text null,
      "is_follow_up" boolean not null default false,
      "recipient" text null,
      "review_reason" text null,
      "problems" text[] not null default '{}',
      "social_profile_id" uuid not null,
      "job_id" uuid null,
      primary key ("id")
    )`);
    this.addSql(`create index "social_drafts_with_problems" on "social_drafts" ("created_at", "id") where "problems" <> '{}'`);
    this.addSql(`create index "social_drafts_follow_up" on "social_drafts" ("created_at", "id") where "is_follow_up"`);
    this.addSql(`create index "social_drafts_status" on "social_drafts" ("status", "created_at", "id")`);
    this.addSql(`create index "social_drafts_updated_at" on "social_drafts" ("updated_at", "id")`);
    this.addSql(`create index "social_drafts_created_at" on "social_drafts" ("created_at", "id")`);
    this.addSql(`create index "social_drafts_job" on "social_drafts" ("job_id", "created_at", "id")`);
    this.addSql(`create index "social_drafts_social_profile" on "social_drafts" ("social_profile_id", "created_at", "id")`);
    this.addSql(`create unique index "social_drafts_one_open" on "social_drafts" ("social_profile_id") where not "is_follow_up" and "status" in ('generating', 'pending_review', 'approved', 'sent')`);
    this.addSql(`create table "social_messages" (
      "id" uuid not null,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      "status" "message_status" not null default 'queued',
      "is_follow_up" boolean not null default false,
      "body" text not null,
      "recipient" text not null,
      "error" text null,
      "blocked_by" text null,
      "due_at" timestamptz(3) null,
      "attempts" int not null default 0,
      "sent_at" timestamptz(3) null,
      "social_profile_id" uuid not null,
      "draft_id" uuid not null,
      "job_id" uuid null,
      primary key ("id")
    )`);
    this.addSql(`create index "social_messages_job" on "social_messages" ("job_id", "created_at", "id")`);
    this.addSql(`create index "social_messages_status" on "social_messages" ("status", "created_at", "id")`);
    this.addSql(`create index "social_messages_created_at" on "social_messages" ("created_at", "id")`);
    this.addSql(`create index "social_messages_social_profile" on "social_messages" ("social_profile_id", "created_at", "id")`);
    this.addSql(`alter table "social_messages" add constraint "social_messages_draft" unique ("draft_id")`);
    this.addSql(`create table "suppressions" (
      "id" uuid not null,
      "created_at" timestamptz(3) not null default now(),
      "kind" "suppression_kind" not null,
      "hash" text not null,
      "reason" text not null,
      primary key ("id")
    )`);
    this.addSql(`alter table "suppressions" add constraint "suppressions_kind_hash" unique ("kind", "hash")`);
    this.addSql(`create table "workers" (
      "id" uuid not null,
      "name" text not null,
      "version" text not null,
      "started_at" timestamptz(3) not null default now(),
      "seen_at" timestamptz(3) not null default now(),
      "running_chunks" int not null default 0,
      primary key ("id")
    )`);
    this.addSql(`alter table "jobs" add constraint "jobs_retry_of_id_foreign" foreign key ("retry_of_id") references "jobs" ("id") on delete set null`);
    this.addSql(`alter table "job_chunks" add constraint "job_chunks_job_id_foreign" foreign key ("job_id") references "jobs" ("id") on delete cascade`);
    this.addSql(`alter table "job_targets" add constraint "job_targets_job_id_foreign" foreign key ("job_id") references "jobs" ("id") on delete cascade`);
    this.addSql(`alter table "prospects" add constraint "prospects_discovery_query_id_foreign" foreign key ("discovery_query_id") references "discovery_queries" ("id") on delete set null`);
    this.addSql(`alter table "prospects" add constraint "prospects_source_job_id_foreign" foreign key ("source_job_id") references "jobs" ("id") on delete set null`);
    this.addSql(`alter table "email_drafts" add constraint "email_drafts_prospect_id_foreign" foreign key ("prospect_id") references "prospects" ("id") on delete cascade`);
    this.addSql(`alter table "email_drafts" add constraint "email_drafts_job_id_foreign" foreign key ("job_id") references "jobs" ("id") on delete set null`);
    this.addSql(`alter table "email_messages" add constraint "email_messages_prospect_id_foreign" foreign key ("prospect_id") references "prospects" ("id") on delete restrict`);
    this.addSql(`alter table "email_messages" add constraint "email_messages_draft_id_foreign" foreign key ("draft_id") references "email_drafts" ("id") on delete restrict`);
    this.addSql(`alter table "email_messages" add constraint "email_messages_job_id_foreign" foreign key ("job_id") references "jobs" ("id") on delete set null`);
    this.addSql(`alter table "scraper_history" add constraint "scraper_history_discovery_query_id_foreign" foreign key ("discovery_query_id") references "discovery_queries" ("id") on delete set null`);
    this.addSql(`alter table "scraper_history" add constraint "scraper_history_job_id_foreign" foreign key ("job_id") references "jobs" ("id") on delete set null`);
    this.addSql(`alter table "social_discovery_jobs" add constraint "social_discovery_jobs_job_id_foreign" foreign key ("job_id") references "jobs" ("id") on delete cascade`);
    this.addSql(`alter table "social_discovery_jobs" add constraint "social_discovery_jobs_discovery_query_id_foreign" foreign key ("discovery_query_id") references "discovery_queries" ("id") on delete set null`);
    this.addSql(`alter table "social_profiles" add constraint "social_profiles_prospect_id_foreign" foreign key ("prospect_id") references "prospects" ("id") on delete cascade`);
    this.addSql(`alter table "social_drafts" add constraint "social_drafts_social_profile_id_foreign" foreign key ("social_profile_id") references "social_profiles" ("id") on delete cascade`);
    this.addSql(`alter table "social_drafts" add constraint "social_drafts_job_id_foreign" foreign key ("job_id") references "jobs" ("id") on delete set null`);
    this.addSql(`alter table "social_messages" add constraint "social_messages_social_profile_id_foreign" foreign key ("social_profile_id") references "social_profiles" ("id") on delete restrict`);
    this.addSql(`alter table "social_messages" add constraint "social_messages_draft_id_foreign" foreign key ("draft_id") references "social_drafts" ("id") on delete restrict`);
    this.addSql(`alter table "social_messages" add constraint "social_messages_job_id_foreign" foreign key ("job_id") references "jobs" ("id") on delete set null`);
    this.addSql(`create trigger "prospects_touch" before update on "prospects"
      for each row execute function touch_updated_at()`);
    this.addSql(`create trigger "social_profiles_touch" before update on "social_profiles"
      for each row execute function touch_updated_at()`);
    this.addSql(`create trigger "email_drafts_touch" before update on "email_drafts"
      for each row execute function touch_updated_at()`);
    this.addSql(`create trigger "social_drafts_touch" before update on "social_drafts"
      for each row execute function touch_updated_at()`);
    this.addSql(`create trigger "email_messages_touch" before update on "email_messages"
      for each row execute function touch_updated_at()`);
    this.addSql(`create trigger "social_messages_touch" before update on "social_messages"
      for each row execute function touch_updated_at()`);
    this.addSql(`create trigger "jobs_touch" before update on "jobs"
      for each row execute function touch_updated_at()`);
    this.addSql(`create trigger "discovery_queries_touch" before update on "discovery_queries"
      for each row execute function touch_updated_at()`);
    this.addSql(`create trigger "social_discovery_jobs_touch" before update on "social_discovery_jobs"
      for each row execute function touch_updated_at()`);
    this.addSql(`create trigger "prospects_transition" before update of "review_status" on "prospects"
      for each row when (old."review_status" is distinct from new."review_status")
      execute function check_transition('review_status', 'pending>approved pending>rejected approved>rejected approved>pending rejected>pending')`);
    this.addSql(`create trigger "email_drafts_transition" before update of "status" on "email_drafts"
      for each row when (old."status" is distinct from new."status")
      execute function check_transition('status', 'generating>pending_review generating>failed failed>generating pending_review>approved pending_review>rejected approved>pending_review approved>sent rejected>pending_review')`);
    this.addSql(`create trigger "social_drafts_transition" before update of "status" on "social_drafts"
      for each row when (old."status" is distinct from new."status")
      execute function check_transition('status', 'generating>pending_review generating>failed failed>generating pending_review>approved pending_review>rejected approved>pending_review approved>sent rejected>pending_review')`);
    this.addSql(`create trigger "email_messages_transition" before update of "status" on "email_messages"
      for each row when (old."status" is distinct from new."status")
      execute function check_transition('status', 'queued>sending queued>sent queued>cancelled sending>sent sending>deferred sending>failed sending>outcome_unknown deferred>queued deferred>cancelled sent>bounced sent>replied sent>complained outcome_unknown>sent outcome_unknown>failed outcome_unknown>replied outcome_unknown>bounced')`);
    this.addSql(`create trigger "social_messages_transition" before update of "status" on "social_messages"
      for each row when (old."status" is distinct from new."status")
      execute function check_transition('status', 'queued>sending queued>sent queued>cancelled sending>sent sending>deferred sending>failed sending>outcome_unknown deferred>queued deferred>cancelled sent>bounced sent>replied sent>complained outcome_unknown>sent outcome_unknown>failed outcome_unknown>replied outcome_unknown>bounced')`);
    this.addSql(`create trigger "jobs_transition" before update of "status" on "jobs"
      for each row when (old."status" is distinct from new."status")
      execute function check_transition('status', 'pending>running pending>cancelling running>succeeded running>completed_with_errors running>failed running>paused running>cancelling paused>running paused>cancelling cancelling>cancelled')`);
    this.addSql(`create trigger "activities_append_only" before update or delete on "activities"
      for each row execute function refuse_change()`);
  }
}

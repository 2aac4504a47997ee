import { Migration } from '@mikro-orm/migrations';

/** What schema health remembers: since when something differs, who changed the schema, and what repairs did. */
export class Migration0003SchemaHealth extends Migration {
  override name = '0003_schema_health';

  override up(): void {
    this.addSql(`create table "schema_drifts" (
      "id" text not null,
      "since" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(`create table "schema_changes" (
      "id" bigint generated always as identity,
      "at" timestamptz(3) not null default clock_timestamp(),
      "user" text not null,
      "application_name" text null,
      "command" text not null,
      "objects" text[] not null,
      "statement" text null,
      primary key ("id")
    )`);
    this.addSql(`create index "schema_changes_at" on "schema_changes" ("at")`);
    this.addSql(`create table "schema_repairs" (
      "id" uuid not null,
      "created_at" timestamptz(3) not null default now(),
      "requested_by" text not null,
      "action" text not null,
      "plan_hash" text null,
      "state" text not null default 'running',
      "steps" jsonb not null default '[]',
      "error" text null,
      "seen_at" timestamptz(3) not null default now(),
      "finished_at" timestamptz(3) null,
      primary key ("id")
    )`);
    this.addSql(`alter table "schema_repairs" add constraint "schema_repairs_action" check (action in ('repair', 'migrate'))`);
    this.addSql(`alter table "schema_repairs" add constraint "schema_repairs_state" check (state in ('running', 'done', 'failed'))`);
    this.addSql(`create index "schema_repairs_created_at" on "schema_repairs" ("created_at")`);
    // Whoever changes the schema needs no right on the journal, and no change fails because it cannot be written down.
    this.addSql(`create function record_schema_change() returns event_trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp
      as $$
    declare
      here text := (select p.pronamespace::regnamespace from pg_event_trigger e join pg_proc p on p.oid = e.evtfoid
        where e.evtname = 'outrider_schema_change');
      changed text[];
    begin
      if tg_event = 'sql_drop' then
        select array_agg(distinct object_identity) into changed from pg_event_trigger_dropped_objects()
          where original and not is_temporary;
      else
        select array_agg(distinct coalesce(object_identity, object_type)) into changed from pg_event_trigger_ddl_commands()
          where schema_name is distinct from 'pg_temp';
      end if;
      if changed is null then
        return;
      end if;
      execute format('insert into %s.schema_changes ("user", application_name, command, objects, statement) values ($1, $2, $3, $4, $5)', here)
        using session_user, current_setting('application_name', true), tg_tag, changed, regexp_replace(left(current_query(), 10000), '(password\\s+)''[^'']*''', '\\1''…''', 'gi');
      execute format('delete from %s.schema_changes where at < now() - interval ''90 days''', here);
    exception when others then
      null;
    end
    $$`);
    // Only a superuser may make event triggers; without them a difference does not say who made it.
    this.addSql(`do $$
    begin
      execute 'create event trigger outrider_schema_change on ddl_command_end execute function record_schema_change()';
      execute 'create event trigger outrider_schema_drop on sql_drop execute function record_schema_change()';
    exception when insufficient_privilege or duplicate_object then
      raise notice 'Without event triggers schema health cannot say who changed the schema: %', sqlerrm;
    end
    $$`);
  }
}

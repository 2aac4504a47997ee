import type { Client } from 'pg';
import { SuppressionKind } from '../../../src/domain/enums.ts';
import { suppressionHashes } from '../../../src/domain/suppressionHash.ts';
import { outreachOf } from '../../support/outreach.ts';

/** What a person is called who left a trace wherever an erasure looks. */
const name = 'Mentioned Nowhere';
const address = 'mentioned@example.org';

/** Tables whose rows mention the person. */
const mentioning = ['email_draft_versions', 'social_draft_versions', 'job_targets', 'job_chunks', 'jobs', 'scraper_history', 'discovery_queries', 'social_discovery_jobs', 'saved_filters', 'webhook_deliveries', 'mailboxes', 'senders', 'idempotency_keys', 'suppressions'];

/**
 * Mentions a prospect in the rows of others, and gives it texts to blank.
 * @param prospect uuid; it has drafts and messages on both channels, and one of the messages is about a mail that came in
 */
export async function mentionPerson(owner: Client, prospect: string): Promise<void> {
  const [hash] = suppressionHashes(outreachOf().secretKeys, SuppressionKind.EMAIL, address);
  const jobs = `select job_id from email_messages where prospect_id = $1`;
  const statements: [sql: string, ...values: unknown[]][] = [
    [`update prospects set display_name = $2, email = $3, draft_subject = 'For you', draft_body = 'Hello', review_reason = 'asked' where id = $1`, prospect, name, address],
    [`update social_profiles set display_name = 'Known', bio_text = 'bio' where prospect_id = $1`, prospect],
    [
      `insert into email_draft_versions (id, draft_id, version, subject, body, fingerprint, replaced_by) select gen_random_uuid(), id, 0, 'Old', $2, 'o', 'somebody' from email_drafts where prospect_id = $1`,
      prospect, name,
    ],
    [
      `insert into social_draft_versions (id, draft_id, version, body, fingerprint, replaced_by)
       select gen_random_uuid(), d.id, 0, $2, 'o', 'somebody' from social_drafts d join social_profiles s on s.id = d.social_profile_id where s.prospect_id = $1`,
      prospect, name,
    ],
    [
      `insert into inbound_messages (id, raw, raw_hash, source, sender, subject, excerpt, kind, classifier, prospect_id, email_message_id)
       select gen_random_uuid(), 'Yes', gen_random_uuid()::text, 'http', 'x@example.net', 'Re: Hello', 'Yes', 'unrelated', 1000, $1, id from email_messages where prospect_id = $1 limit 1`,
      prospect,
    ],
    [`insert into suppressions (id, kind, hash, reason) values (gen_random_uuid(), 'email', $1, $2)`, hash, `${name} asked`],
    [`update jobs set error = $2, failure_reasons = $3, parameters = parameters || jsonb_build_object('query', $2::text) where id in (${jobs})`, prospect, name, JSON.stringify([{ code: 'X', message: name, count: 1 }])],
    [`update job_chunks set error = $2 where job_id in (${jobs})`, prospect, name],
    [`insert into job_targets (job_id, ordinal, target_id, outcome, code, message, value) select job_id, 9, gen_random_uuid(), 'done', 'X', $2, $2 from email_messages where prospect_id = $1`, prospect, name],
    [`insert into scraper_history (id, url, error) values (gen_random_uuid(), 'https://example.net/' || $1, $1)`, name],
    [`insert into discovery_queries (id, platform, query, search_intent, target_audience, filters) values (gen_random_uuid(), 'github', $1, $1, $1, jsonb_build_object('location', $1::text))`, name],
    [`insert into social_discovery_jobs (id, job_id, platform, cursor) select gen_random_uuid(), job_id, 'github', $2 from email_messages where prospect_id = $1 limit 1`, prospect, name],
    [`insert into saved_filters (id, name, filter) values (gen_random_uuid(), $1, jsonb_build_object('search', $1::text))`, name],
    [
      `insert into webhook_deliveries (id, webhook_id, event_id, event, payload, error, state)
       select gen_random_uuid(), id, gen_random_uuid(), 'message.sent', jsonb_build_object('name', $1::text), $1, 'failed' from webhooks limit 1`,
      name,
    ],
    [`insert into mailboxes (name, uid_validity, error) values ('INBOX', 1, $1)`, name],
    [`insert into senders (id, channel, address, blocked_by) values (gen_random_uuid(), 'social', 'other.example', $1)`, name],
    [`insert into idempotency_keys (caller, mutation, key, input_hash, job_id) values ('somebody', 'importProspects', $1, 'x', gen_random_uuid())`, name],
  ];
  for (const [sql, ...values] of statements) await owner.query(sql, values);
}

/** What is left of the person, as the owner of the schema sees it; it reads whole rows, so that no column's name matters. */
export async function findTraces(owner: Client, prospect: string): Promise<string[]> {
  const rows = (table: string) => `(select to_jsonb(t) as t from ${table} t) as ${table}`;
  const profiles = `(select t->>'id' from ${rows('social_profiles')} where t->>'prospect_id' = $1)`;
  const hasText = `(t->>'body' <> '' or t->>'status' = 'queued')`;
  const left: readonly [table: string, condition: string][] = [
    ['prospects', `t->>'id' = $1 and (t->>'email' is not null or t->>'bio_text' is not null or t->>'draft_body' is not null or t->>'erased_at' is null)`],
    ['social_profiles', `t->>'prospect_id' = $1 and (t->>'username' <> 'erased' or t->>'bio_text' is not null)`],
    ['email_drafts', `t->>'prospect_id' = $1 and t->>'body' <> ''`],
    ['social_drafts', `t->>'social_profile_id' in ${profiles} and t->>'body' <> ''`],
    ['email_messages', `t->>'prospect_id' = $1 and ${hasText}`],
    ['social_messages', `t->>'social_profile_id' in ${profiles} and ${hasText}`],
    ['inbound_messages', `t->>'prospect_id' = $1 and t->>'sender' is not null`],
    ...mentioning.map((table): [string, string] => [table, `t::text like '%${name}%'`]),
  ];
  const { rows: traces } = await owner.query<{ place: string }>(
    left.map(([table, condition]) => `select '${table}' as place where exists (select from ${rows(table)} where ${condition})`).join(' union all '), [prospect],
  );
  return traces.map(({ place }) => place);
}

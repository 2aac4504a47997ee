import type { Client } from 'pg';
import { queueMessage } from '../support/queueMessage.ts';

/** More rows for every list, at the front of most: three about one prospect, one job and one search, the others on their own. */
export async function addRows(owner: Client): Promise<void> {
  const query = async <Row>(text: string, values?: unknown[]) => (await owner.query(text, values)).rows as Row[];
  const [prospect] = await query<{ id: string }>('select prospect_id as id from social_profiles order by prospect_id limit 1');
  const three = 'from generate_series(1, 3) as n';
  await query(`insert into activities (id, actor, action, subject_type, subject_id) select gen_random_uuid(), 'somebody', 'a.thing', 'Prospect', $1 ${three}`, [prospect!.id]);
  await query(`insert into inbound_messages (id, raw, raw_hash, source, kind, classifier, prospect_id) select gen_random_uuid(), '', gen_random_uuid()::text, 'http', 'unrelated', 1000, $1 ${three}`, [prospect!.id]);
  await query(`insert into api_keys (id, name, role, hash) select gen_random_uuid(), 'x', 'viewer', gen_random_uuid()::text ${three}`);
  await query(`insert into templates (id, name, channel, subject, body) select gen_random_uuid(), gen_random_uuid()::text, 'email', 'Hello', 'Hello' ${three}`);
  await query(`insert into saved_filters (id, name, filter) select gen_random_uuid(), gen_random_uuid()::text, '{}' ${three}`);
  await query(`insert into suppressions (id, kind, hash, reason) select gen_random_uuid(), 'email', gen_random_uuid()::text, 'asked' ${three}`);
  await query(`insert into prospects (id, canonical_key, display_name) select gen_random_uuid(), gen_random_uuid()::text, 'Another' ${three}`);
  await query(
    `insert into social_profiles (id, prospect_id, canonical_key, platform, username, display_name, profile_url)
     select gen_random_uuid(), $1, 'github.com/' || gen_random_uuid(), 'github', 'user', 'Name', 'https://github.com/user' ${three}`, [prospect!.id]);
  const job = `(select job_id from scraper_history order by job_id limit 1)`;
  await query(`with search as (insert into discovery_queries (id, platform, query, filters, created_by) select gen_random_uuid(), 'website', 'x' || gen_random_uuid(), '{}', 'somebody' ${three} returning id)
    insert into scraper_history (id, discovery_query_id, job_id, url, http_status) select gen_random_uuid(), s.id, ${job}, 'https://acme.example/', 200 from (select discovery_query_id as id from scraper_history order by 1 limit 1) s, generate_series(1, 3)`);
  await query(
    `with hook as (insert into webhooks (id, url, events, secret) select gen_random_uuid(), 'http://127.0.0.1:9/' || gen_random_uuid(), '{message.sent}', 'a secret of its own' ${three} returning id)
     insert into webhook_deliveries (id, webhook_id, event_id, event, payload, state) select gen_random_uuid(), id, gen_random_uuid(), 'message.sent', '{}', 'failed' from hook`);
  await queueMessage(query as never, { status: 'sent' });
  const [first, second] = [await queueMessage(query as never, { status: 'sent', channel: 'social' }), await queueMessage(query as never, { status: 'sent', channel: 'social', isFollowUp: true })];
  for (const table of ['social_messages', 'social_drafts']) await query(`update ${table} set social_profile_id = $1 where social_profile_id = $2`, [first.profile, second.profile]);
}

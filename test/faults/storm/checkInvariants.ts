import pg from 'pg';
import { uuidOf } from '../../../src/domain/globalId.ts';
import type { Received } from '../../sending/support.ts';
import type { Ledger } from './Ledger.ts';

export interface Findings {
  drafts: number;
  draftsLost: number;
  draftsDoubled: number;
  mails: number;
  mailsLost: number;
  mailsDoubled: number;
  /** sent or not: shown to a person, and never sent again */
  outcomesUnknown: number;
  targetsUnaccounted: number;
  /** none of them is bad: only what was done to the workers could fail one */
  targetsFailed: number;
  leasesLeft: number;
  jobs: number;
  jobsNotEnded: number;
  /** each a sentence */
  broken: string[];
}

type Query = <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>;

/** What must hold once everything has settled, whatever happened before. Each figure but the counts has to be 0. */
export async function checkInvariants(query: Query, received: readonly Received[], ledger: Ledger): Promise<Findings> {
  const [counts] = await query<Record<'drafts' | 'lost' | 'doubled' | 'unaccounted' | 'failed' | 'leases' | 'jobs' | 'open' | 'terminal' | 'unknown', number>>(`select
    (select count(*)::int from email_drafts) as drafts,
    (select count(*)::int from job_targets t join jobs j on j.id = t.job_id and j.job_type = 'draft'
      where t.outcome = 'done' and not exists (select from email_drafts d where d.job_id = t.job_id and d.prospect_id = t.target_id)) as lost,
    (select coalesce(sum(times - 1), 0)::int from (select count(*) as times from email_drafts where not is_follow_up and status not in ('rejected', 'failed') group by prospect_id) as each_prospect) as doubled,
    (select count(*)::int from jobs where status <> 'cancelled' and status <> 'failed' and processed <> total_targets
      or processed <> done_count + failed_count + skipped_count
      or job_type in ('draft', 'send') and processed <> (select count(*) from job_targets where job_id = jobs.id)
      or job_type = 'draft' and done_count <> (select count(*) from email_drafts where job_id = jobs.id)) as unaccounted,
    (select count(*)::int from job_targets t join jobs j on j.id = t.job_id where j.job_type = 'draft' and t.outcome = 'failed') as failed,
    (select count(*)::int from job_chunks where state = 'running') + (select count(*)::int from email_messages where status = 'sending') as leases,
    (select count(*)::int from jobs) as jobs,
    (select count(*)::int from jobs where finished_at is null) as open,
    (select count(*)::int from (select from jobs left join activities on subject_id = jobs.id and to_state in ('succeeded', 'completed_with_errors', 'failed', 'cancelled')
      where finished_at is not null group by jobs.id having count(activities.id) <> 1) as ended_otherwise) as terminal,
    (select count(*)::int from email_messages where status = 'outcome_unknown') as unknown`);
  const times = new Map<string, number>();
  for (const { raw } of received) {
    const id = /^message-id:\s*(<[^>]+>)/im.exec(raw)?.[1] ?? 'no Message-ID';
    times.set(id, (times.get(id) ?? 0) + 1);
  }
  const sent = await query<{ message_id: string }>(`select message_id from email_messages where status = 'sent'`);
  const broken = [...ledger.complaints, ...(await findUnacknowledged(query, ledger))];
  if (counts!.terminal > 0) broken.push(`${counts!.terminal} jobs did not end exactly once`);
  return {
    drafts: counts!.drafts,
    draftsLost: counts!.lost,
    draftsDoubled: counts!.doubled,
    mails: received.length,
    mailsLost: sent.filter(({ message_id }) => !times.has(message_id)).length,
    mailsDoubled: [...times.values()].reduce((doubled, count) => doubled + count - 1, 0),
    outcomesUnknown: counts!.unknown,
    targetsUnaccounted: counts!.unaccounted,
    targetsFailed: counts!.failed,
    leasesLeft: counts!.leases,
    jobs: counts!.jobs,
    jobsNotEnded: counts!.open,
    broken,
  };
}

export function isSound({ draftsLost, draftsDoubled, mailsLost, mailsDoubled, targetsUnaccounted, targetsFailed, leasesLeft, jobsNotEnded, broken }: Findings): boolean {
  return draftsLost + draftsDoubled + mailsLost + mailsDoubled + targetsUnaccounted + targetsFailed + leasesLeft + jobsNotEnded + broken.length === 0;
}

/** Every mutation that was acknowledged is there, and one key of idempotency is one job. */
async function findUnacknowledged(query: Query, { imported, created, started }: Ledger): Promise<string[]> {
  const broken: string[] = [];
  const there = await query<{ tag: string; count: number }>('select tag, count(*)::int as count from prospects, unnest(tags) as tag group by tag');
  const countOf = new Map(there.map(({ tag, count }) => [tag, count]));
  for (const [tag, count] of imported) if ((countOf.get(tag) ?? 0) < count) broken.push(`${tag}: ${count} prospects were acknowledged, and ${countOf.get(tag) ?? 0} are there`);
  const [missing] = await query<{ count: number }>('select count(*)::int as count from unnest($1::text[]) as url where not exists (select from prospects where profile_url = url)', [created]);
  if (missing!.count > 0) broken.push(`${missing!.count} prospects that were acknowledged are not there`);
  const jobs = new Set((await query<{ id: string }>('select id from jobs')).map(({ id }) => id));
  for (const [key, ids] of started) {
    if (ids.size > 1) broken.push(`${key}: one key started ${ids.size} jobs`);
    for (const id of ids) if (!jobs.has(uuidIn(id))) broken.push(`${key}: its job was acknowledged and is not there`);
  }
  return broken;
}

/** Of a global id of a job. */
function uuidIn(id: string): string {
  return uuidOf('Job', id) ?? id;
}

import type { Retention } from '../../config/retention.ts';

/** Which rows of a table go when they are old. Everything here is ours and may stand in a statement as it is. */
export interface RetentionRule {
  keptFor: keyof Retention;
  table: string;
  /** an equality that an index begins with, followed by (created_at, id) */
  among?: string;
  /** those of the table `t` that go; all when absent */
  where?: string;
  /** whom a row is the draft of: what is written there of its first draft goes with that */
  target?: { table: 'prospects' | 'social_profiles'; id: 'prospect_id' | 'social_profile_id'; columns: readonly string[] };
}

/** Proof that somebody must not be written to, and what schema health compares its verdict with. */
const keptActivities = `t.subject_type <> 'Schema' and t.action not in ('prospect.excluded', 'prospect.readmitted', 'prospect.erased')`;

/** Whoever was sent something keeps the draft: without it they could be written to as if for the first time. */
function ofDrafts(channel: 'email' | 'social'): RetentionRule[] {
  const [drafts, messages, versions] = [`${channel}_drafts`, `${channel}_messages`, `${channel}_draft_versions`];
  return [
    ...['rejected', 'failed'].map((status): RetentionRule => ({
      keptFor: 'drafts',
      table: drafts,
      target: channel === 'email'
        ? { table: 'prospects', id: 'prospect_id', columns: ['draft_subject', 'draft_body'] }
        : { table: 'social_profiles', id: 'social_profile_id', columns: [] },
      among: `t.status = '${status}'`,
      where: `t.updated_at < $cutoff and not exists (select from ${messages} m where m.draft_id = t.id)`,
    })),
    {
      keptFor: 'drafts',
      table: versions,
      where: `exists (select from ${drafts} d where d.id = t.draft_id and d.status in ('sent', 'rejected', 'failed') and d.updated_at < $cutoff)`,
    },
  ];
}

function ofMessages(channel: 'email' | 'social'): RetentionRule[] {
  return ['failed', 'cancelled'].map((status) => ({ keptFor: 'messages', table: `${channel}_messages`, among: `t.status = '${status}'`, where: 't.updated_at < $cutoff' }));
}

/** Messages before drafts, which they hold. */
export const rules: readonly RetentionRule[] = [
  { keptFor: 'activities', table: 'activities', where: keptActivities },
  ...ofMessages('email'),
  ...ofMessages('social'),
  { keptFor: 'messages', table: 'inbound_messages', where: `t.kind in ('auto_reply', 'delivery_report', 'unrelated')` },
  ...ofDrafts('email'),
  ...ofDrafts('social'),
  { keptFor: 'webhookDeliveries', table: 'webhook_deliveries', where: 't.finished_at < $cutoff' },
  { keptFor: 'jobDetails', table: 'scraper_history', where: 'not exists (select from jobs j where j.id = t.job_id and j.finished_at is null)' },
];

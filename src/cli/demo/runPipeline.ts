import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { type Kysely, sql } from 'kysely';
import type { Logger } from '../../config/logger.ts';
import { Channel, ReviewStatus, Role } from '../../domain/enums.ts';
import { createEvents } from '../../events/createEvents.ts';
import { createQueue } from '../../queue/queue.ts';
import { reviewDrafts } from '../../services/drafts/reviewDrafts.ts';
import { startDraftJob, type StartDraftJob } from '../../services/drafts/startDraftJob.ts';
import { followUp } from '../../services/followUps/followUp.ts';
import { importRecords } from '../../services/importRecords.ts';
import type { JobContext } from '../../services/jobContext.ts';
import { readImportOutcome } from '../../services/readImportOutcome.ts';
import { receiveMail } from '../../services/replies/receiveMail.ts';
import { reviewProspects } from '../../services/reviewProspects.ts';
import { sendMessages } from '../../services/sending/sendMessages.ts';
import { updateSettings } from '../../services/settings/updateSettings.ts';
import { type JobWatch, watchJobs } from '../../services/watchJobs.ts';
import type { Everything } from '../openAll.ts';
import { answersTo } from './answers.ts';
import type { Source } from './readSource.ts';
import type { Recipients } from './recipients.ts';
import { showProgress } from './showProgress.ts';

const mail: StartDraftJob = {
  channel: Channel.EMAIL,
  subjectTemplate: 'A question about {{ displayName }}',
  bodyTemplate: [
    'Hello {{ username | default: "there" }},',
    '',
    'we came across {{ displayName }} ({{ profileUrl }}): {{ bioText | default: "a project that we like" }}.',
    'Would you tell us how you keep it going?',
  ].join('\n'),
};

const post: StartDraftJob = {
  channel: Channel.SOCIAL,
  bodyTemplate: 'Hello {{ profile.username }}, may we ask you something about {{ displayName }}?',
};

/** Whom the demo writes to, where that arrives, and where it tells of it. */
export interface Setting {
  source: Source;
  recipients: Recipients;
  log: Logger;
  say(line: string): void;
}

/** What the steps of the demo work with. */
interface Demo {
  context(): JobContext;
  watch: JobWatch;
  say(line: string): void;
}

/** Imports the file, reviews it, and writes to all of it on both channels; a second run does only what is left. */
export async function runPipeline({ orm, databaseUrl, outreach }: Everything, { source, recipients, log, say }: Setting): Promise<void> {
  const events = createEvents({ databaseUrl, log });
  const queue = createQueue({ url: databaseUrl, log });
  const context = (): JobContext => ({ em: orm.em.fork(), actor: { name: 'demo', role: Role.ADMIN }, outreach, events, queue });
  const watch = watchJobs({ em: () => orm.em.fork(), events, log });
  const demo: Demo = { context, watch, say };
  try {
    // A day's cap is for real people.
    await updateSettings(context(), { changes: { 'sending.email': { dailyCap: 10_000 }, 'sending.social': { dailyCap: 10_000 } } });
    await importFile(demo, source);
    await approveProspects(demo);
    for (const [template, noun, arrived] of [[mail, 'mails', () => recipients.mails.length], [post, 'social messages', recipients.posts]] as const) {
      await draftForAll(demo, template);
      await approveDrafts(demo, template.channel!);
      const before = arrived();
      if (await sendAll(demo, template.channel!)) say(`${arrived() - before} ${noun} arrived at the demo's own recipients; nothing left this machine.`);
      if (template === mail) await takeAnswers(demo, recipients);
    }
    await draftFollowUps(demo);
  } finally {
    watch.close();
    await Promise.all([queue.close(), events.close()]);
  }
}

async function importFile({ context, say }: Demo, { name, data }: Source): Promise<void> {
  const { em } = context();
  const { jobId } = await importRecords(context(), Readable.from([data]), {
    format: 'csv',
    mapping: {},
    digest: createHash('sha256').update(data).digest('hex'),
    fileName: name,
    dryRun: false,
  });
  const { totalTargets, outcomes } = await readImportOutcome(em, jobId);
  say(`Imported ${totalTargets} prospects of ${name}: ${Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`).join(', ')}.`);
}

async function approveProspects({ context, say }: Demo): Promise<void> {
  const pending = await count(context(), sql`select from prospects where review_status = 'pending'`);
  if (pending === 0) return;
  const { changedCount } = await reviewProspects(context(), {
    filter: { reviewStatus: [ReviewStatus.PENDING] },
    expectedCount: pending,
    decision: 'approve',
    reason: 'demo',
  });
  say(`Reviewed ${changedCount} prospects: approved.`);
}

async function draftForAll({ context, watch, say }: Demo, template: StartDraftJob): Promise<void> {
  const waiting = template.channel === Channel.EMAIL
    ? sql`select from prospects where review_status = 'approved' and draft_status = 'none'`
    : sql`select from social_profiles s join prospects p on p.id = s.prospect_id where p.review_status = 'approved' and s.draft_status = 'none'`;
  const expectedCount = await count(context(), waiting);
  if (expectedCount === 0) {
    say('Everybody has a draft already.');
    return;
  }
  const { jobId } = await startDraftJob(context(), { ...template, expectedCount });
  const latest = await showProgress(await watch.progress(jobId), 'Drafting');
  say(`Wrote ${latest?.draftsCreated ?? 0} drafts; the job is ${latest?.status ?? 'gone'}.`);
}

/** As an operator would, page by page. */
async function approveDrafts({ context, say }: Demo, channel: Channel): Promise<void> {
  let approved = 0;
  let refused = 0;
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const { rows } = await sql<{ id: string; fingerprint: string }>`
      select id, fingerprint from ${sql.table(`${channel}_drafts`)}
      where status = 'pending_review' and not is_follow_up and id > ${after}::uuid order by id limit 100`.execute(context().em.getKysely<any>());
    if (rows.length === 0) break;
    const drafts = rows.map(({ id, fingerprint }) => ({ draftId: id, fingerprint }));
    const { changedIds, userErrors } = await reviewDrafts(context(), { drafts, decision: 'approve' });
    approved += changedIds.length;
    refused += userErrors.length;
    after = rows.at(-1)!.id;
  }
  if (approved + refused > 0) say(`Approved ${approved} drafts${refused > 0 ? `; ${refused} wait for a person` : ''}.`);
}

/** Whether there was anything to send. */
async function sendAll({ context, watch, say }: Demo, channel: Channel): Promise<boolean> {
  const source = channel === Channel.EMAIL ? sql`email_drafts d` : sql`social_drafts d join social_profiles on social_profiles.id = d.social_profile_id`;
  const unsent = sql`
    select p.replied_at from ${source} join prospects p on p.id = prospect_id
    where d.status = 'approved' and not exists (
      select from ${sql.table(`${channel}_messages`)} m where m.draft_id = d.id and m.status not in ('failed', 'cancelled'))`;
  const waiting = await count(context(), sql`select from (${unsent}) as unsent where replied_at is null`);
  if (waiting === 0) return false;
  const expectedCount = await count(context(), unsent);
  const { jobId } = await sendMessages(context(), { channel, expectedCount });
  const latest = await showProgress(await watch.progress(jobId), 'Sending');
  say(`Sent ${(latest?.processed ?? 0) - (latest?.failedCount ?? 0) - (latest?.skippedCount ?? 0)} messages; the job is ${latest?.status ?? 'gone'}.`);
  return true;
}

/** Some of those who got a mail answer, by the way that a mailbox or POST /inbound takes. */
async function takeAnswers({ context, say }: Demo, { mails }: Recipients): Promise<void> {
  const kinds = new Map<string, number>();
  for (const raw of answersTo(mails)) {
    const { kind } = await receiveMail(context(), { raw, source: 'http' });
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  if (kinds.size > 0) say(`Answers came in: ${[...kinds].map(([kind, times]) => `${times} ${kind.replace('_', ' ')}`).join(', ')}.`);
}

async function draftFollowUps({ context, watch, say }: Demo): Promise<void> {
  if ((await count(context(), sql`select from email_drafts where is_follow_up`)) > 0) return;
  const { jobId } = await followUp(context(), { channel: Channel.EMAIL, afterDays: 0 });
  const latest = await showProgress(await watch.progress(jobId), 'Following up');
  say(`Wrote ${latest?.draftsCreated ?? 0} follow-ups for those who did not answer: they wait for approval.`);
}

async function count({ em }: JobContext, rows: ReturnType<typeof sql>): Promise<number> {
  const { rows: [counted] } = await sql<{ count: number }>`select count(*)::int as count from (${rows}) as found`.execute(em.getKysely() as Kysely<any>);
  return counted!.count;
}

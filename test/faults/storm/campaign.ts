import type { Audience } from './Audience.ts';
import type { Client } from './Client.ts';
import type { Ledger } from './Ledger.ts';

const rowsOfImport = 450;
const importsOfCampaign = 3;
/** of each campaign */
const sent = 25;
const isOver = 'SUCCEEDED COMPLETED_WITH_ERRORS FAILED CANCELLED'.split(' ');

export interface People {
  client: Client;
  ledger: Ledger;
  audience: Audience;
}

/** One campaign as people run it: import, approve, draft, approve, send. What takes too long is left as it is; the end looks at it. */
export async function runCampaign({ client, ledger, audience }: People, tag: string): Promise<void> {
  for (let part = 0; part < importsOfCampaign; part += 1) await importProspects(client, ledger, `${tag}-${part}`, tag);
  await approveProspects(client, tag);
  // A job that was cancelled leaves prospects to the next one.
  for (let turn = 0; turn < 2; turn += 1) {
    const jobId = await draft({ client, ledger, audience }, tag, turn);
    if (jobId === null) break;
    await approveAndSend(client, ledger, tag, jobId);
  }
  ledger.counts.campaigns += 1;
}

async function jobOver(client: Client, id: string): Promise<string | null> {
  const data = await client.until('query ($id: ID!) { job(id: $id) { status } }', { id }, ({ job }) => isOver.includes(job?.status));
  return data?.job.status ?? null;
}

async function importProspects(client: Client, ledger: Ledger, batch: string, tag: string): Promise<void> {
  const rows = Array.from({ length: rowsOfImport }, (_, row) => `P${row},https://${batch}-${row}.example/,p${row}@${batch}.example,${tag}`);
  // An import whose server died ends as FAILED; the same rows again are the same prospects.
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const idempotencyKey = `import-${batch}-${attempt}`;
    const input = { data: `display_name,profile_url,email,tags\n${rows.join('\n')}\n`, format: 'CSV', idempotencyKey };
    const answer = await client.insist('importProspects', 'ImportProspectsInput', input, 'job { id }');
    if (!answer) return;
    if (!answer['job']) {
      ledger.complaints.push(`import ${batch}: ${JSON.stringify(answer)}`);
      return;
    }
    ledger.start(idempotencyKey, answer['job'].id as string);
    if ((await jobOver(client, answer['job'].id as string)) === 'SUCCEEDED') {
      ledger.imported.set(tag, (ledger.imported.get(tag) ?? 0) + rows.length);
      return;
    }
  }
}

const countOf = (client: Client, filter: object) =>
  client.until('query ($filter: ProspectFilter) { prospects(first: 1, filter: $filter) { totalCount } }', { filter }, (data) => data.prospects !== null)
    .then((data) => (data?.prospects.totalCount ?? 0) as number);

async function approveProspects(client: Client, tag: string): Promise<void> {
  const filter = { tag, reviewStatus: ['PENDING'] };
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const expectedCount = await countOf(client, filter);
    if (expectedCount === 0) return;
    await client.insist('reviewProspects', 'ReviewProspectsInput', { filter, expectedCount, decision: 'APPROVE' }, 'changedCount');
  }
}

/** The job that drafted, or null when there was nothing to draft or no answer. */
async function draft({ client, ledger, audience }: People, tag: string, turn: number): Promise<string | null> {
  const filter = { tag, draftStatus: ['NONE'] };
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const expectedCount = await countOf(client, { ...filter, reviewStatus: ['APPROVED'] });
    if (expectedCount === 0) return null;
    const idempotencyKey = `draft-${tag}-${turn}-${attempt}`;
    const input = { filter, expectedCount, subjectTemplate: 'For {{ displayName }}', bodyTemplate: 'Dear {{ displayName }}, shall we talk?', idempotencyKey };
    // Twice at once, as an impatient front end does.
    const answers = await Promise.all([1, 2].map(() => client.insist('startDraftJob', 'StartDraftJobInput', input, 'job { id }')));
    const ids = answers.flatMap((answer) => (answer?.['job'] ? [answer['job'].id as string] : []));
    if (ids.length === 0) continue;
    ids.forEach((id) => ledger.start(idempotencyKey, id));
    audience.watch(ids[0]!);
    await expectConflict(client, ledger, input);
    await jobOver(client, ids[0]!);
    return ids[0]!;
  }
  return null;
}

async function expectConflict(client: Client, ledger: Ledger, input: { idempotencyKey: string }): Promise<void> {
  const answer = await client.insist('startDraftJob', 'StartDraftJobInput', { ...input, bodyTemplate: 'Another text' }, 'job { id }');
  ledger.counts.conflicts += 1;
  if (answer && answer.userErrors?.[0]?.code !== 'CONFLICT') ledger.complaints.push(`${input.idempotencyKey}: another input with the same key answered ${JSON.stringify(answer)}`);
}

async function approveAndSend(client: Client, ledger: Ledger, tag: string, jobId: string): Promise<void> {
  const query = 'query ($filter: DraftFilter, $first: Int) { drafts(first: $first, filter: $filter) { nodes { id fingerprint } } }';
  const read = (status: string) => client.until(query, { filter: { jobId, status: [status] }, first: sent }, (data) => data.drafts !== null).then((data) => (data?.drafts.nodes ?? []) as { id: string; fingerprint: string }[]);
  await client.insist('reviewDrafts', 'ReviewDraftsInput', { decision: 'APPROVE', drafts: await read('PENDING_REVIEW') }, 'drafts { id }');
  const approved = await read('APPROVED');
  if (approved.length === 0) return;
  const idempotencyKey = `send-${tag}-${jobId}`;
  const input = { draftIds: approved.map(({ id }) => id), idempotencyKey };
  const answers = await Promise.all([1, 2].map(() => client.insist('sendMessages', 'SendMessagesInput', input, 'job { id }')));
  for (const answer of answers) if (answer?.['job']) ledger.start(idempotencyKey, answer['job'].id as string);
}

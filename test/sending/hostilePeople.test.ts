import { afterAll, beforeAll, expect, test } from '@jest/globals';
import PostalMime from 'postal-mime';
import { startWorker, type Worker } from '../../src/app/worker.ts';
import { createLogger } from '../../src/config/logger.ts';
import { onOneLine } from '../../src/domain/text.ts';
import { startApi, type Api } from '../graphql/support.ts';
import { hostileTexts } from '../properties/hostile.ts';
import { waitFor } from '../support/waitFor.ts';
import { mailOutreach, openMailSink, setSending, type MailSink } from './support.ts';

let sink: MailSink;
let api: Api;
let worker: Worker;
beforeAll(async () => {
  sink = await openMailSink();
  api = await startApi(undefined, mailOutreach(sink.url));
  await setSending({ query: api.sql } as never, { dailyCap: 1_000, minimumGapSeconds: 0 });
  worker = startWorker({ orm: api.orm, url: api.databaseUrl, log: createLogger('silent'), outreach: mailOutreach(sink.url) });
});
afterAll(async () => {
  await worker.stop();
  await api.stop();
  await sink.close();
});

/** What people may be called so that a mail to them becomes another one. */
const names = [
  ...hostileTexts.filter((text, n) => n % 4 === 0 && text.trim() !== '' && text.length < 100), 'Ada\r\nBcc: x@evil.example', 'Ada\nTo: x@evil.example\n\nEvil', '\r\n.\r\nMAIL FROM:<x@evil.example>', 'Ada <x@evil.example>', '=?UTF-8?B?DQpCY2M6IHhAZXZpbC5leGFtcGxl?=', 'Ädä 李雷 👩‍💻', 'x'.repeat(150),
];

async function mutate(name: string, type: string, input: object, selection: string): Promise<any> {
  const { data, errors } = await api.ask(`mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} userErrors { code message } } }`, { input });
  expect(errors).toBeUndefined();
  return data[name];
}

test('from the API to the mail server, whatever people are called: a mail each, to them, with the text that was approved', async () => {
  const refused: string[] = [];
  for (const [n, name] of names.entries()) {
    const { data, errors } = await api.ask('mutation ($input: CreateProspectInput!) { createProspect(input: $input) { prospect { id } userErrors { code } } }', { input: { displayName: name, bioText: `${name}\n.\n${name}`, email: `p${n}@recipient.example` } });
    if (errors || data.createProspect.userErrors.length > 0) refused.push(name);
  }
  expect(refused.every((name) => name.includes('\0') || !name.isWellFormed())).toBe(true);
  const count = names.length - refused.length;
  await mutate('reviewProspects', 'ReviewProspectsInput', { filter: {}, expectedCount: count, decision: 'APPROVE' }, 'changedCount');
  const input = { subjectTemplate: 'For {{ displayName }}', bodyTemplate: 'Dear {{ displayName }},\n.\n{{ bioText }}\n', expectedCount: count };
  const { job } = await mutate('startDraftJob', 'StartDraftJobInput', input, 'job { id }');
  await waitFor(async () => /SUCCEEDED|COMPLETED/.test((await api.ask('query ($id: ID!) { job(id: $id) { status } }', { id: job.id })).data.job.status), { timeoutMs: 40_000 });
  const drafts: any[] = [];
  for (let after: string | null = null; ;) {
    const { data }: any = await api.ask('query ($after: String) { drafts(first: 100, after: $after, filter: { hasProblems: false }) { nodes { id fingerprint recipient subject body } pageInfo { hasNextPage endCursor } } }', { after });
    drafts.push(...data.drafts.nodes);
    after = data.drafts.pageInfo.endCursor;
    if (!data.drafts.pageInfo.hasNextPage) break;
  }
  // The lint keeps what nobody would send on purpose from being approved; most is only a strange name.
  expect(drafts.length).toBeGreaterThan(count / 2);
  const decision = { decision: 'APPROVE', drafts: drafts.map(({ id, fingerprint }) => ({ id, fingerprint })) };
  expect(await mutate('reviewDrafts', 'ReviewDraftsInput', decision, 'drafts { id }')).toMatchObject({ userErrors: [] });
  expect(await mutate('sendMessages', 'SendMessagesInput', { expectedCount: drafts.length }, 'job { id }')).toMatchObject({ userErrors: [] });
  await waitFor(() => sink.received.length === drafts.length, { timeoutMs: 60_000 });

  expect(sink.received.flatMap(({ to }) => to).toSorted()).toEqual(drafts.map(({ recipient }) => recipient).toSorted());
  // Line ends are the reader's, and so is a mark of byte order.
  const written = (text: string) => text.replaceAll('\ufeff', '').replaceAll(/\r\n?/g, '\n').trimEnd();
  const shown = (text: string) => onOneLine(text.replaceAll('\ufeff', ' '));
  for (const draft of drafts) {
    const { from, raw } = sink.received.find(({ to }) => to[0] === draft.recipient)!;
    const read = await PostalMime.parse(raw);
    expect([from, read.from, read.to, read.cc, read.bcc, read.attachments]).toEqual(['ada@sender.example', { name: 'Ada', address: 'ada@sender.example' }, [{ name: '', address: draft.recipient }], undefined, undefined, []]);
    expect(new Set(read.headers.map(({ key }) => key)).size).toBe(read.headers.length);
    expect(shown(read.subject!)).toBe(shown(draft.subject));
    expect(written(read.text!)).toBe(written(draft.body));
  }
});

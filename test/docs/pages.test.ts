import type { AddressInfo } from 'node:net';
import { createClient, type Client } from 'graphql-ws';
import { SMTPServer } from 'smtp-server';
import { WebSocket } from 'ws';
import { startWorker, type Worker } from '../../src/app/worker.ts';
import { createLogger } from '../../src/config/logger.ts';
import { adminToken, startApi, type Answer, type Api } from '../graphql/support.ts';
import { outreachOf } from '../support/outreach.ts';
import { at, fillIn, readPage, shown, type Example } from './page.ts';

let smtp: SMTPServer;
let api: Api;
let worker: Worker;
let sockets: Client;

beforeAll(async () => {
  smtp = new SMTPServer({ disabledCommands: ['AUTH', 'STARTTLS'], logger: false, onData: (stream, _session, done) => void stream.resume().on('end', () => done()) });
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  const { port } = smtp.server.address() as AddressInfo;
  const outreach = outreachOf({ smtpUrl: `smtp://127.0.0.1:${port}`, mailFrom: 'Ada <ada@outrider.example>', publicUrl: 'http://127.0.0.1:4000' });
  api = await startApi(undefined, outreach);
  worker = startWorker({ orm: api.orm, url: api.databaseUrl, log: createLogger('silent'), outreach });
  sockets = createClient({ url: `${api.url.replace('http', 'ws')}graphql`, webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${adminToken}` } });
  const rows = Array.from({ length: 12 }, (_, n) => `Project ${n}${n > 8 ? ' test' : ' chess'},https://example.org/p${n},user${n},hello${n}@example.org`);
  const data = ['displayName,profileUrl,username,email', ...rows].join('\n');
  const imported = await api.ask('mutation ($data: String!) { importProspects(input: { format: CSV, data: $data }) { job { status } userErrors { message } } }', { data });
  expect(imported.data.importProspects).toEqual({ job: { status: 'SUCCEEDED' }, userErrors: [] });
});

afterAll(async () => {
  await sockets.dispose();
  await worker.stop();
  await api.stop();
  await new Promise<void>((resolve) => smtp.close(resolve));
});

describe.each(['front-end/list', 'front-end/review', 'front-end/draft', 'front-end/watch', 'front-end/send', 'front-end/errors', 'sending'])('docs/%s.md', (page) => {
  const remembered = new Map<string, unknown>();
  const examples = readPage(`docs/${page}.md`);

  test.each(examples.map((example): [string, Example] => [`${/(query|mutation|subscription) (\w+)/.exec(example.document)?.[0]} of line ${example.line}`, example]))('%s', async (_, example) => {
    const { data, errors } = await answerTo(example, fillIn(example.variables, remembered));
    if (example.answer !== null) expect(data).toMatchObject(shown(example.answer));
    // Only what the page shows as null may have an error.
    const broken = Object.entries((example.answer ?? {}) as object).flatMap(([field, value]) => (value === null ? [field] : []));
    expect((errors ?? []).filter(({ path }) => !broken.includes(String(path?.[0])))).toEqual([]);
    for (const [name, path] of Object.entries(example.remember)) {
      const value = at(data, path);
      expect(value).not.toBeUndefined();
      remembered.set(name, value);
    }
  });
});

/** Of a subscription the last event, where it completes by itself, else the first. */
async function answerTo({ document }: Example, variables: Record<string, unknown>): Promise<Answer> {
  if (!document.startsWith('subscription')) return api.ask(document, variables);
  const listening = listen(document, variables);
  // This one has nothing to tell until something happens.
  if (document.includes('jobsChanged')) await importUntil(listening);
  return listening;
}

async function listen(query: string, variables: Record<string, unknown>): Promise<Answer> {
  let latest: Answer = { data: null };
  for await (const event of sockets.iterate({ query, variables })) {
    latest = event as unknown as Answer;
    if (!query.includes('jobProgress')) break;
  }
  return latest;
}

async function importUntil(told: Promise<unknown>): Promise<void> {
  let isTold = false;
  const watching = told.finally(() => (isTold = true));
  for (let n = 0; !isTold; n += 1) {
    await api.ask('mutation ($data: String!) { importProspects(input: { format: CSV, data: $data }) { job { id } } }', { data: `displayName,username\nSomebody,somebody${n}\n` });
  }
  await watching;
}

import { randomUUID } from 'node:crypto';
import { createLogger } from '../../src/config/logger.ts';
import { mailboxName, openMailbox } from '../../src/mail/mailbox.ts';
import { startWorker } from '../../src/app/worker.ts';
import { createOrm } from '../../src/database/createOrm.ts';
import { MailboxReader } from '../../src/services/replies/MailboxReader.ts';
import { mail, ours, samples } from '../mail/mails.ts';
import { ImapServer } from '../support/imapServer.ts';
import { outreachOf } from '../support/outreach.ts';
import { waitFor } from '../support/waitFor.ts';
import { OutreachBench } from '../suppression/support.ts';

let bench: OutreachBench;
let server: ImapServer;
const readers: MailboxReader[] = [];
beforeAll(async () => {
  bench = await OutreachBench.open();
});
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.query('truncate prospects, email_messages, inbound_messages, activities, suppressions, mailboxes cascade');
  server = await ImapServer.start();
});
afterEach(async () => {
  await Promise.all(readers.splice(0).map((reader) => reader.close()));
  await server.stop();
});

function reader(stopping = new AbortController().signal, open?: typeof openMailbox): MailboxReader {
  const made = new MailboxReader({ em: () => bench.bench.orm.em.fork(), outreach: outreachOf({ imapUrl: server.url }), log: createLogger('silent'), stopping }, randomUUID(), open);
  readers.push(made);
  return made;
}

const letter = (subject: string) => mail({ From: 'x@y.example', Subject: subject, 'Message-ID': `<${randomUUID()}@y.example>` });
const subjects = () => bench.query('select subject from inbound_messages order by id').then((rows) => rows.map(({ subject }) => subject));
const mailbox = () => bench.query(`select name, uid_validity::int as validity, last_uid::int as uid, error, leased_by from mailboxes`).then(([row]) => row);

test('reads what is there, then only what came since, and changes no flag', async () => {
  const [first, second] = [reader(), reader()];
  server.deliver(letter('one'));
  server.deliver(letter('two'));
  await first.read();
  expect(await subjects()).toEqual(['one', 'two']);
  server.deliver(letter('three'));
  await first.read();
  expect(await subjects()).toEqual(['one', 'two', 'three']);
  await first.close();
  server.deliver(letter('four'));
  await second.read();
  expect(await subjects()).toEqual(['one', 'two', 'three', 'four']);
  expect(server.commands.filter((command) => command.startsWith('UID FETCH'))).toHaveLength(4);
  expect(server.commands.filter((command) => /STORE|SELECT/.test(command))).toEqual([]);
  expect(await mailbox()).toMatchObject({ name: 'me@outrider.example@127.0.0.1/INBOX', validity: 7, uid: 4, error: null });
});

test('a reply in it has its effects, and says when it came', async () => {
  const prospectId = await bench.prospect('ada', { email: 'ada@acme.example' });
  await bench.email(prospectId, 'sent');
  await bench.query('update email_messages set message_id = $1', [ours]);
  const at = new Date(Math.floor(Date.now() / 1000) * 1000 - 60_000);
  server.deliver(samples[0]!.raw, at);
  await reader().read();
  expect(await bench.stageOf(prospectId)).toBe('replied');
  expect(await bench.query('select source, kind, received_at from inbound_messages')).toEqual([{ source: 'mailbox', kind: 'reply', received_at: at }]);
});

test.each([['no date', new Date(Number.NaN)], ['the year 0', new Date('0000-01-01T00:00:00Z')], ['the year 10000', new Date('+010000-01-01T00:00:00Z')]])('a mail to which its server gives %s is taken, and those behind it', async (_, at) => {
  const first = reader();
  server.deliver(letter('one'));
  await first.read();
  server.deliver(letter('two'), at);
  server.deliver(letter('three'));
  await first.read();
  expect(await subjects()).toEqual(['one', 'two', 'three']);
});

test('mails from before the first message was sent are left alone', async () => {
  server.deliver(letter('last year'), new Date(Date.now() - 365 * 86_400_000));
  server.deliver(letter('today'));
  await reader().read();
  expect(await subjects()).toEqual(['today']);
});

test('after another UIDVALIDITY it begins anew, and takes nothing twice', async () => {
  const first = reader();
  server.deliver(letter('one'));
  await first.read();
  await first.close();
  server.renumber();
  server.deliver(letter('two'));
  await reader().read();
  expect(await subjects()).toEqual(['one', 'two']);
  expect(await mailbox()).toMatchObject({ validity: 8, uid: 3 });
});

test('a connection that breaks in the middle goes on after the last mail that was taken', async () => {
  server.deliver(letter('one'));
  server.breaksAt = server.deliver(letter('two'));
  await expect(reader().read()).rejects.toThrow(/\S/);
  expect(await subjects()).toEqual(['one']);
  expect(await mailbox()).toMatchObject({ uid: 1, error: expect.any(String) });
  server.breaksAt = null;
  await readers.splice(0).at(0)!.close();
  await reader().read();
  expect(await subjects()).toEqual(['one', 'two']);
  expect(await mailbox()).toMatchObject({ error: null });
});

test('a connection that ends between two mails skips none of them', async () => {
  for (const subject of ['one', 'two', 'three']) server.deliver(letter(subject));
  // Once the first mail is there the connection ends, and whoever reads has noticed before it asks for the next one.
  const broken = reader(undefined, async (url) => {
    const opened = await openMailbox(url);
    let fetched = 0;
    return {
      uidValidity: opened.uidValidity,
      uidsAfter: (after, since) => opened.uidsAfter(after, since),
      fetch: async (uid, maxBytes) => {
        if (fetched === 1) {
          server.breakConnections();
          await waitFor(() => opened.uidsAfter(0, null).then(() => false, () => true));
        }
        fetched += 1;
        return opened.fetch(uid, maxBytes);
      },
      close: () => opened.close(),
    };
  });
  await expect(broken.read()).rejects.toThrow('The mail server has closed the connection.');
  expect(await mailbox()).toMatchObject({ uid: 1, error: expect.any(String) });
  await broken.close();
  await reader().read();
  expect(await subjects()).toEqual(['one', 'two', 'three']);
});

test('flags that another client changes meanwhile hide no mail', async () => {
  server.changesFlags = true;
  server.deliver(letter('one'));
  server.deliver(letter('two'));
  await reader().read();
  expect(await subjects()).toEqual(['one', 'two']);
});

test('after a failure it waits before it tries again', async () => {
  server.refusesLogins = true;
  const impatient = reader();
  await expect(impatient.read()).rejects.toThrow(/me@outrider\.example@127\.0\.0\.1\/INBOX cannot be opened: .*wrong password/);
  const tried = server.commands.length;
  await impatient.read();
  expect(server.commands).toHaveLength(tried);
  expect((await mailbox()).error).toContain('wrong password');
  expect((await mailbox()).error).not.toContain('pass word');
});

test('of two workers one reads; when it is silent for too long, the other does', async () => {
  const [first, second] = [reader(), reader()];
  await first.read();
  server.deliver(letter('one'));
  await second.read();
  expect(await subjects()).toEqual([]);
  await bench.query(`update mailboxes set lease_until = now() - interval '1 second'`);
  await second.read();
  expect(await subjects()).toEqual(['one']);
  server.deliver(letter('two'));
  await first.read();
  expect(await subjects()).toEqual(['one']);
  await waitFor(() => server.connections === 1);
});

test('a mail that cannot be handled is kept, and does not block the others', async () => {
  const prospectId = await bench.prospect('ada', { email: 'ada@acme.example' });
  await bench.email(prospectId, 'sent');
  await bench.query('update email_messages set message_id = $1', [ours]);
  const made = new MailboxReader(
    { em: () => bench.bench.orm.em.fork(), outreach: outreachOf({ imapUrl: server.url, secretKeys: [] }), log: createLogger('silent'), stopping: new AbortController().signal },
    randomUUID(),
  );
  readers.push(made);
  server.deliver(samples.find(({ kind }) => kind === 'complaint')!.raw);
  server.deliver(letter('two'));
  await made.read();
  expect(await bench.query(`select kind, classifier, details ->> 'rule' as rule from inbound_messages order by id`)).toMatchObject([{ kind: 'unrelated', classifier: 0, rule: 'not handled' }, { rule: 'From and Subject' }]);
});

test('while its tables are broken nothing is skipped', async () => {
  server.deliver(letter('one'));
  const first = reader();
  await bench.query('alter table inbound_messages rename to inbound_away');
  await expect(first.read()).rejects.toThrow('inbound_messages');
  await bench.query('alter table inbound_away rename to inbound_messages');
  await first.close();
  await reader().read();
  expect(await subjects()).toEqual(['one']);
});

test('a mail larger than ten megabytes is cut', async () => {
  server.deliver(Buffer.concat([Buffer.from(letter('large')), Buffer.alloc(11 * 1024 * 1024, 'x\r\n')]));
  await reader().read();
  expect(await bench.query('select subject, length(raw) as bytes from inbound_messages')).toEqual([{ subject: 'large', bytes: 10 * 1024 * 1024 }]);
});

test('a server that announces a gigabyte for a mail is left, and nothing of it is kept', async () => {
  server.deliver(letter('one'));
  server.floodsWith = 900 * 1024 * 1024;
  const before = process.memoryUsage().arrayBuffers;
  await expect(reader().read()).rejects.toThrow('Literal size 943718400 exceeds maximum allowed size of 16777216 bytes');
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * 1024 * 1024);
  await waitFor(() => server.connections === 0);
  expect((await mailbox()).error).toContain('exceeds maximum allowed size');
  expect(await subjects()).toEqual([]);
});

test('a worker reads the mailbox, and gives it back when it stops', async () => {
  server.deliver(letter('one'));
  const { url } = bench.bench.database;
  const orm = await createOrm({ url });
  const worker = startWorker({ orm, url, log: createLogger('silent'), outreach: outreachOf({ imapUrl: server.url }) });
  await waitFor(async () => (await subjects()).length === 1);
  await worker.stop();
  await orm.close();
  expect(await mailbox()).toMatchObject({ uid: 1, leased_by: null });
});

test('a mailbox is known by its user, host and folder, never by its password', () => {
  expect(mailboxName('imaps://a%40b.example:s3cret@mail.example:993/Answers%20here')).toBe('a@b.example@mail.example/Answers here');
  expect(mailboxName('imaps://a:s3cret@mail.example')).toBe('a@mail.example/INBOX');
});

import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { deliverMail, type Handover } from '../../src/mail/deliverMail.ts';

/** What a server says to each command; a function may do something besides, such as cut the connection. */
interface Script {
  greeting?: Answer;
  EHLO?: Answer;
  AUTH?: Answer;
  MAIL?: Answer;
  RCPT?: Answer;
  DATA?: Answer;
  /** when the first of the text is there */
  text?: (socket: Socket) => void;
  /** after the end of the text */
  end?: Answer;
}
type Answer = string | ((socket: Socket) => string | void);

const usual: Script = {
  greeting: '220 here', EHLO: '250 here', AUTH: '235 in', MAIL: '250 ok', RCPT: '250 ok', DATA: '354 go on', end: '250 2.0.0 taken as 42',
};

let server: Server;
/** the texts whose end has arrived */
let taken: string[];
let sockets: Set<Socket>;

afterEach(async () => {
  sockets.forEach((socket) => socket.destroy());
  await new Promise((resolve) => server.close(resolve));
});

async function open(script: Script): Promise<string> {
  const steps = { ...usual, ...script };
  taken = [];
  sockets = new Set();
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    let input = '';
    let inText = false;
    const say = (answer: Answer | undefined) => {
      const line = typeof answer === 'function' ? answer(socket) : answer;
      if (line && !socket.destroyed) socket.write(`${line}\r\n`);
    };
    say(steps.greeting);
    socket.on('data', (chunk) => {
      input += chunk.toString('latin1');
      for (;;) {
        if (inText) {
          if (input !== '') steps.text?.(socket);
          const end = input.indexOf('\r\n.\r\n');
          if (end < 0) return;
          taken.push(input.slice(0, end));
          input = input.slice(end + 5);
          inText = false;
          say(steps.end);
        } else {
          const end = input.indexOf('\r\n');
          if (end < 0) return;
          const command = input.slice(0, end).split(' ')[0]!.toUpperCase();
          input = input.slice(end + 2);
          const answer = steps[command as keyof Script] as Answer | undefined;
          say(answer ?? '250 ok');
          inText = command === 'DATA' && typeof answer === 'string' && answer.startsWith('354');
        }
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const cut = (socket: Socket) => void socket.destroy();
const silence = () => undefined;

/** Which steps had been reached when the mail was handed over. */
async function deliver(script: Script, { parameters = '', ...changes }: Partial<Handover> & { parameters?: string; user?: string } = {}) {
  const url = new URL(await open(script));
  if (changes.user) url.username = url.password = changes.user;
  let handedOver = 0;
  const delivery = await deliverMail({
    from: 'ada@sender.example',
    to: 'bob@recipient.example',
    raw: Buffer.from('Subject: Hi\r\n\r\nHello\r\n.\r\n..\r\nBye\r\n'),
    stopping: new AbortController().signal,
    ...changes,
    smtpUrl: `${url.href.replace(/\/$/, '')}${parameters}`,
    handOver: async () => {
      handedOver += 1;
      await changes.handOver?.();
    },
  });
  return { ...delivery, handedOver, taken };
}

describe('a mail that is handed in', () => {
  it('arrives as it is, and its end leaves only after it was handed over', async () => {
    let ended = false;
    const result = await deliver({ end: () => { ended = true; return '250 2.0.0 taken as 42'; } }, {
      handOver: async () => {
        // As long as this takes, the server waits for the end.
        await new Promise((resolve) => setTimeout(resolve, 50));
        expect(ended).toBe(false);
      },
    });
    expect(result).toMatchObject({ outcome: 'sent', response: '250 2.0.0 taken as 42', handedOver: 1 });
    expect(result.taken).toEqual(['Subject: Hi\r\n\r\nHello\r\n..\r\n...\r\nBye']);
  });

  it('never ends when it may not be handed over', async () => {
    await expect(deliver({}, { handOver: () => Promise.reject(new Error('lost')) })).rejects.toThrow('lost');
    expect(taken).toEqual([]);
  });

  it('that is larger than what a socket takes at once arrives whole', async () => {
    const lines = Array.from({ length: 40_000 }, (_, line) => `line ${line} of a long mail\r\n`).join('');
    const result = await deliver({}, { raw: Buffer.from(lines) });
    expect(result.outcome).toBe('sent');
    expect(result.taken[0]!.length).toBe(lines.length - 2);
  });
});

describe('before the end has left', () => {
  it.each([
    ['greeting', '554 no', 'unavailable'], ['greeting', '421 busy', 'unavailable'], ['greeting', cut, 'unavailable'],
    ['EHLO', cut, 'unavailable'],
    ['MAIL', '550 no such sender', 'unavailable'], ['MAIL', '451 later', 'unavailable'], ['MAIL', cut, 'unavailable'],
    ['RCPT', '550 5.1.1 no such user', 'refused'], ['RCPT', '450 greylisted', 'deferred'], ['RCPT', '530 log in first', 'unavailable'],
    ['RCPT', '421 shutting down', 'unavailable'], ['RCPT', cut, 'unavailable'],
    ['DATA', '554 no', 'refused'], ['DATA', '452 full', 'deferred'], ['DATA', '421 shutting down', 'unavailable'], ['DATA', cut, 'unavailable'],
  ] as [keyof Script, Answer, string][])('%s %s: %s', async (step, answer, outcome) => {
    const result = await deliver({ [step]: answer });
    expect(result).toMatchObject({ outcome, handedOver: 0, taken: [] });
    if (typeof answer === 'string') expect(result.response).toContain(answer);
  });

  it('with PIPELINING the same answers mean the same', async () => {
    const result = await deliver({ EHLO: '250-here\r\n250 PIPELINING', RCPT: '550 5.1.1 no such user', DATA: '503 nobody to send to' });
    expect(result).toMatchObject({ outcome: 'refused', response: '550 5.1.1 no such user', handedOver: 0 });
  });

  it('a login that is refused means everybody', async () => {
    const result = await deliver({ EHLO: '250-here\r\n250 AUTH PLAIN', AUTH: '535 5.7.8 wrong password' }, { user: 'ada' });
    expect(result).toMatchObject({ outcome: 'unavailable', response: '535 5.7.8 wrong password' });
  });

  it('TLS that is required and not offered means everybody', async () => {
    expect(await deliver({ STARTTLS: '502 unknown' } as Script, { parameters: '?requireTLS=true' })).toMatchObject({ outcome: 'unavailable', taken: [] });
  });

  it('a connection that breaks within the text: later', async () => {
    let broken!: () => void;
    const breaks = new Promise<void>((resolve) => { broken = resolve; });
    const result = await deliver(
      { text: (socket) => { socket.once('close', () => setTimeout(broken, 20)); socket.destroy(); } },
      { handOver: () => breaks },
    );
    expect(result).toMatchObject({ outcome: 'deferred', taken: [] });
  });

  it('an answer that comes before the end counts: no', async () => {
    const result = await deliver({ text: (socket) => void socket.write('552 too large\r\n') }, { handOver: () => new Promise((resolve) => { setTimeout(resolve, 100); }) });
    expect(result).toMatchObject({ outcome: 'refused', response: '552 too large', taken: [] });
  });

  it.each([
    ['no greeting', { greeting: silence }, '?greetingTimeout=200', 'unavailable'],
    ['no answer to MAIL', { MAIL: silence }, '?socketTimeout=200', 'unavailable'],
    ['no answer to DATA', { DATA: silence }, '?socketTimeout=200', 'unavailable'],
  ] as [string, Script, string, string][])('%s in time: %s', async (_, script, parameters, outcome) => {
    expect(await deliver(script, { parameters })).toMatchObject({ outcome, handedOver: 0 });
  });

  it('a process that stops gives up', async () => {
    const stopping = new AbortController();
    const result = deliver({ MAIL: () => { stopping.abort(); } }, { stopping: stopping.signal });
    expect(await result).toMatchObject({ outcome: 'interrupted', handedOver: 0, taken: [] });
  });

  it('a recipient that is no address is refused here', async () => {
    expect(await deliver({}, { to: 'a@b>\r\nRCPT TO:<evil@example.com' })).toMatchObject({ outcome: 'refused', handedOver: 0 });
  });
});

describe('after the end has left', () => {
  it.each([
    ['554 spam', 'refused'], ['451 later', 'deferred'], ['421 shutting down', 'deferred'], ['354 what', 'unknown'], ['garbage', 'unknown'], [cut, 'unknown'],
  ] as [Answer, string][])('%s: %s', async (end, outcome) => {
    expect(await deliver({ end })).toMatchObject({ outcome, handedOver: 1, taken: [expect.stringContaining('Hello')] });
  });

  it('no answer in time: nobody knows', async () => {
    expect(await deliver({ end: silence }, { parameters: '?socketTimeout=3000' })).toMatchObject({ outcome: 'unknown' });
  });

  it('a process that stops waits for the answer', async () => {
    const stopping = new AbortController();
    const end = (socket: Socket) => {
      stopping.abort();
      setTimeout(() => socket.write('250 taken\r\n'), 50);
    };
    expect(await deliver({ end }, { stopping: stopping.signal })).toMatchObject({ outcome: 'sent' });
  });
});

it('a server that is not there means everybody', async () => {
  const url = await open({});
  await new Promise((resolve) => server.close(resolve));
  const result = await deliverMail({ smtpUrl: url, from: 'a@b.example', to: 'c@d.example', raw: Buffer.from('x'), handOver: async () => {}, stopping: new AbortController().signal });
  expect(result).toMatchObject({ outcome: 'unavailable', response: expect.stringContaining('ECONNREFUSED') });
});

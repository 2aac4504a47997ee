import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createEvents } from '../../src/events/createEvents.ts';
import type { Entry, MonitoredEvents } from '../../src/events/events.ts';
import { BrokerServer, isInstalled, type BrokerOptions, type BrokerProgram } from '../support/broker.ts';
import { waitFor } from '../support/waitFor.ts';

const folder = mkdtempSync(join(tmpdir(), 'outrider-certificate-'));
const certificate = { certificate: join(folder, 'certificate.pem'), key: join(folder, 'key.pem') };
const ordinary = getCACertificates('default');
beforeAll(() => {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', certificate.key, '-out', certificate.certificate], { stdio: 'ignore' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const servers: BrokerServer[] = [];
const opened: MonitoredEvents[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((events) => events.close()));
  await Promise.all(servers.splice(0).map((server) => server.close()));
  setDefaultCACertificates(ordinary);
});

/** Where only the broker can carry a notice. */
const nowhere = 'postgresql://nobody@127.0.0.1:1/nothing';

interface Line {
  level: 'info' | 'warn';
  reason?: string;
  message: string;
}

/** What a process has: its events, what it heard, and what it logged. */
interface Station {
  events: MonitoredEvents;
  heard: (readonly Entry[] | null)[];
  lines: Line[];
}

function open(eventsUrl: string, heartbeatMs = 200): Station {
  const lines: Line[] = [];
  const write = (level: Line['level']) => (details: object, message: string) => void lines.push({ level, ...details, message });
  const events = createEvents({ databaseUrl: nowhere, eventsUrl, log: { info: write('info'), warn: write('warn') }, coalesceMs: 20, heartbeatMs });
  opened.push(events);
  const heard: Station['heard'] = [];
  events.subscribe('jobs', (entries) => heard.push(entries));
  return { events, heard, lines };
}

/** One that is connected; what it was told on connecting is forgotten. */
async function listen(eventsUrl: string): Promise<Station> {
  const station = open(eventsUrl);
  await waitFor(() => station.heard.length > 0);
  station.heard.length = 0;
  return station;
}

const hears = ({ heard }: Station, id: string) => heard.some((entries) => entries?.some(([each]) => each === id));

/** What holds of events over each broker. */
export function describeBroker(program: BrokerProgram): void {
  const start = async (options?: BrokerOptions) => {
    const server = await BrokerServer.start(program, options);
    servers.push(server);
    return server;
  };

  (isInstalled(program) ? describe : describe.skip)(`events over ${program.command}`, () => {
    test('what one publishes, everyone hears once, itself too, and on its own topic only', async () => {
      const server = await start();
      const [one, two] = [await listen(server.url()), await listen(server.url())];
      const work: unknown[] = [];
      two.events.subscribe('work', (entries) => work.push(entries));
      one.events.publish('jobs', [['a', 1]]);
      one.events.publish('work', [['b', 0]]);

      await waitFor(() => work.length > 0 && one.heard.length > 0 && two.heard.length > 0);
      expect([one.heard, two.heard, work]).toEqual([[[['a', 1]]], [[['a', 1]]], [[['b', 0]]]]);
      expect(one.events.status).toEqual({ broker: program.kind, connected: true, failures: 0 });
    });

    test('while it is away a process hears of the keys that it revokes itself', async () => {
      const server = await BrokerServer.of(program);
      servers.push(server);
      const { events, heard } = open(server.url());
      const keys: unknown[] = [];
      events.subscribe('keys', (entries) => keys.push(entries));
      await waitFor(() => events.status.failures > 0);
      events.publish('jobs', [['a', 1]]);
      events.publish('keys', [['k', 0]]);
      await waitFor(() => keys.length > 0);
      expect([keys, heard]).toEqual([[[['k', 0]]], []]);
    });

    test('a burst about one job is one notice with the greatest sequence', async () => {
      const { events, heard } = await listen((await start()).url());
      for (let sequence = 1; sequence <= 1_000; sequence += 1) events.publish('jobs', [['a', sequence]]);

      await waitFor(() => heard.length > 0);
      expect(heard).toEqual([[['a', 1_000]]]);
    });

    test('installations with another path of the URL hear nothing of each other', async () => {
      const server = await start();
      const [one, staging] = [await listen(server.url({ path: '/one' })), await listen(server.url({ path: '/staging' }))];
      staging.events.publish('jobs', [['a', 1]]);
      await waitFor(() => hears(staging, 'a'));
      one.events.publish('jobs', [['b', 1]]);
      await waitFor(() => hears(one, 'b'));

      expect([one.heard, staging.heard]).toEqual([[[['b', 1]]], [[['a', 1]]]]);
    });

    test('a broker that is killed and started again: everything is read again, and what was published meanwhile arrives', async () => {
      const server = await start();
      const [one, two] = [await listen(server.url()), await listen(server.url())];
      await server.kill();
      await waitFor(() => !one.events.status.connected && !two.events.status.connected);
      one.events.publish('jobs', [['a', 1]]);
      await server.start();

      await waitFor(() => two.heard.includes(null) && hears(one, 'a'));
      await waitFor(() => two.lines.some(({ level }) => level === 'info'));
      expect(two.lines.at(-1)).toMatchObject({ level: 'info', message: expect.stringMatching(/127\.0\.0\.1:\d+ answers again/) });
      expect(two.events.status).toMatchObject({ connected: true, failures: expect.any(Number) });
      expect(two.events.status.failures).toBeGreaterThan(0);
    });

    test('a broker that falls silent is given up, and taken back when it speaks again', async () => {
      const server = await start();
      const [one, two] = [await listen(server.url()), await listen(server.url())];
      server.silence();
      one.events.publish('jobs', [['a', 1]]);
      await waitFor(() => !one.events.status.connected && !two.events.status.connected);
      server.resume();

      await waitFor(() => two.heard.includes(null) && hears(one, 'a'));
      one.events.publish('jobs', [['b', 1]]);
      await waitFor(() => hears(two, 'b'));
    });

    test('a broker that is not there at the start is one sentence, and is found when it comes', async () => {
      const server = await BrokerServer.of(program);
      servers.push(server);
      const { events, heard, lines } = open(server.url());
      await waitFor(() => events.status.failures >= 3);
      expect(lines).toEqual([
        expect.objectContaining({ level: 'warn', message: expect.stringMatching(/^events: (Redis|NATS) at 127\.0\.0\.1:\d+ does not answer: trying again until it does; progress is found by polling meanwhile$/) }),
      ]);
      await server.start();

      await waitFor(() => heard.length > 0);
      expect(heard).toEqual([null]);
    });

    test('a wrong password is one sentence that says what to correct, and is in no line of the log', async () => {
      const server = await start({ password: 'right-password' });
      const { events, lines } = open(server.url({ credentials: `${program.kind === 'redis' ? '' : 'outrider'}:wrong-password` }));
      await waitFor(() => events.status.failures >= 2);

      expect(lines).toEqual([expect.objectContaining({ level: 'warn', message: expect.stringContaining('correct the user, the password and their permissions in EVENTS_URL') })]);
      expect(JSON.stringify(lines)).not.toMatch(/wrong-password|right-password/);
    });

    test('the right password opens', async () => {
      const server = await start({ password: 'p@ss/word' });
      const station = await listen(server.url({ credentials: `${program.kind === 'redis' ? '' : 'outrider'}:${encodeURIComponent('p@ss/word')}` }));
      station.events.publish('jobs', [['a', 1]]);
      await waitFor(() => hears(station, 'a'));
      expect(station.lines).toEqual([]);
    });

    test('a certificate that is trusted is as good as none; one that is not keeps the connection closed', async () => {
      const server = await start({ tls: certificate });
      const station = open(server.url());
      await waitFor(() => station.events.status.failures > 0);
      expect(station.lines[0]!.reason).toMatch(/self-signed certificate/);
      setDefaultCACertificates([...ordinary, readFileSync(certificate.certificate, 'utf8')]);

      await waitFor(() => station.heard.length > 0);
      station.events.publish('jobs', [['a', 1]]);
      await waitFor(() => hears(station, 'a'));
    });

    test('a user who may not publish is named as such, and is not tried all the time', async () => {
      const server = await start({ readOnly: true });
      const station = await listen(server.url({ credentials: 'reader:reads' }));
      station.events.publish('jobs', [['a', 1]]);

      await waitFor(() => station.events.status.failures >= 3);
      expect(station.lines).toEqual([expect.objectContaining({ level: 'warn', message: expect.stringContaining('their permissions in EVENTS_URL') })]);
    });

    test('closing does not wait for a broker that is silent', async () => {
      const server = await start();
      const { events } = await listen(server.url());
      server.silence();
      events.publish('jobs', [['a', 1]]);
      const began = performance.now();
      await events.close();
      expect(performance.now() - began).toBeLessThan(10_000);
    });
  });
}

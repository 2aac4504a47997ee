import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runOutrider } from '../support/program.ts';

const sockets = new Set<Socket>();
const silent = createServer((socket) => void sockets.add(socket));
beforeAll(() => new Promise<void>((done) => void silent.listen(0, '127.0.0.1', done)));
afterAll(() => {
  sockets.forEach((socket) => socket.destroy());
  silent.close();
});

test('no command waits for ever for a database that accepts connections and says nothing; each says what does not answer', async () => {
  const url = `postgresql://somebody:hidden@127.0.0.1:${(silent.address() as AddressInfo).port}/outrider`;
  const commands = ['schema check', 'schema repair', 'schema repair --apply x', 'schema history', 'schema history --repair', 'schema history --adopt', 'migrate', 'prune', 'token list'];
  const ended = await Promise.all(commands.map((command) => runOutrider(command.split(' '), { DATABASE_URL: url })));

  expect(ended.map(({ code }) => code)).toEqual([2, ...commands.slice(1).map(() => 1)]);
  for (const { out, err } of ended) {
    expect(`${out}${err}`).toMatch(/did not answer|does not answer|accepts no new connection|cannot be used/);
    expect(`${out}${err}`).not.toContain('hidden');
  }
});

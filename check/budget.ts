/** What a browser has to load, gzipped, against what it may: the start, and each page after it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Manifest } from 'vite';

/** kB, 1,000 bytes each */
const limits = { startScripts: 190, startStyles: 18, page: 12 };

const folder = mkdtempSync(join(tmpdir(), 'outrider-budget-'));
try {
  await build({ root: 'web', configFile: 'web/vite.config.ts', logLevel: 'error', build: { outDir: folder, emptyOutDir: true, manifest: true } });
  const manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8')) as Manifest;
  const entry = Object.keys(manifest).find((key) => manifest[key]?.isEntry);
  if (!entry) throw new Error('The build has no entry.');
  const start = reach(manifest, entry);
  const figures = [
    { what: 'JavaScript at the start', size: weigh(start.map((key) => manifest[key]!.file)), limit: limits.startScripts },
    { what: 'CSS at the start', size: weigh(start.flatMap((key) => manifest[key]!.css ?? [])), limit: limits.startStyles },
    ...Object.keys(manifest)
      .filter((key) => /^src\/.*Page\.tsx$/.test(key) && manifest[key]?.isDynamicEntry)
      .map((key) => ({ what: key, size: weigh(reach(manifest, key).filter((part) => !start.includes(part)).map((part) => manifest[part]!.file)), limit: limits.page })),
  ];
  for (const { what, size, limit } of figures) console.log(`${size > limit ? 'over' : ' ok '} ${size.toFixed(1).padStart(6)} of ${limit} kB  ${what}`);
  if (figures.length < 4) throw new Error('The pages of the dashboard were not found.');
  if (figures.some(({ size, limit }) => size > limit)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** A chunk with all that it cannot start without. */
function reach(chunks: Manifest, key: string, found: string[] = []): string[] {
  if (found.includes(key)) return found;
  found.push(key);
  for (const imported of chunks[key]?.imports ?? []) reach(chunks, imported, found);
  return found;
}

function weigh(files: readonly string[]): number {
  return [...new Set(files)].reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0) / 1000;
}

import { once } from 'node:events';
import { toGlobalId } from '../domain/globalId.ts';
import type { ImportOutcome } from '../services/readImportOutcome.ts';

/** The outcomes and every row that failed: as JSON, or as a sentence and lines `file:line: reason` on standard error. */
export async function writeImportReport(outcome: ImportOutcome, path: string, json: boolean): Promise<void> {
  await (json ? writeJson(outcome) : writeText(outcome, path));
}

async function writeJson({ id, status, outcomes, failures, ...rest }: ImportOutcome): Promise<void> {
  const counts = Object.fromEntries(Object.entries(outcomes).map(([outcome, count]) => [outcome.toUpperCase(), count]));
  const head = JSON.stringify({ id: toGlobalId('Job', id), status: status.toUpperCase(), ...rest, outcomes: counts });
  await write(process.stdout, `${head.slice(0, -1)},"failures":[`);
  let separator = '';
  for await (const failure of failures) {
    await write(process.stdout, `${separator}\n${JSON.stringify(failure)}`);
    separator = ',';
  }
  await write(process.stdout, ']}\n');
}

async function writeText({ totalTargets, dryRun, outcomes, failures }: ImportOutcome, path: string): Promise<void> {
  for await (const { line, message, value } of failures) {
    await write(process.stderr, `${path}:${line}: ${message}${value ? ` (${JSON.stringify(value)})` : ''}\n`);
  }
  const counts = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`);
  await write(process.stdout, `${totalTargets ?? 0} rows${dryRun ? ' (dry run, nothing was written)' : ''}: ${counts.join(', ') || 'none'}.\n`);
}

async function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain');
}

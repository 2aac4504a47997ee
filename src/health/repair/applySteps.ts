import { setTimeout as sleep } from 'node:timers/promises';
import { Client, escapeIdentifier } from 'pg';
import type { RepairStep } from '../report.ts';

const LOCK_TIMEOUT_MS = 2000;
const ATTEMPTS = 5;
const lockNotAvailable = '55P03';

export interface AppliedSteps {
  executed: RepairStep[];
  /** at most one, with its error; what comes after it is skipped */
  failed: RepairStep[];
  skipped: RepairStep[];
}

/**
 * Runs the steps one by one, each on its own, so that an index can be built CONCURRENTLY. A step waits for its lock for
 * two seconds at most and tries again with growing pauses, so that nobody queues behind it for long.
 */
export async function applySteps(ownerUrl: string, schema: string, steps: readonly RepairStep[], log: (line: string) => void): Promise<AppliedSteps> {
  const client = new Client({ connectionString: ownerUrl, application_name: 'outrider repair' });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(`set lock_timeout = ${LOCK_TIMEOUT_MS}; set statement_timeout = 0; set search_path = ${escapeIdentifier(schema)}`);
    const executed: RepairStep[] = [];
    for (const [index, step] of steps.entries()) {
      const error = await attempt(client, step, log);
      if (error !== null) return { executed, failed: [{ ...step, error }], skipped: steps.slice(index + 1) };
      executed.push(step);
    }
    return { executed, failed: [], skipped: [] };
  } finally {
    await client.end().catch(() => {});
  }
}

/** Answers why it failed; null when it is done. */
async function attempt(client: Client, { sql }: RepairStep, log: (line: string) => void): Promise<string | null> {
  for (let round = 1; ; round++) {
    try {
      log(sql);
      await client.query(sql);
      return null;
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      if (code !== lockNotAvailable || round === ATTEMPTS) return message;
      log(`It is locked; trying again (${round} of ${ATTEMPTS - 1}).`);
      await sleep(250 * 2 ** round);
    }
  }
}

import type { MikroORM } from '@mikro-orm/postgresql';
import { isSchemaFailure } from '../domain/databaseErrors.ts';
import type { SchemaHealthMonitor } from '../health/health.ts';
import { recordVerdict } from '../services/webhooks/recordVerdict.ts';
import { repeat } from './repeat.ts';

const everyMs = 1_000;

export interface RecordVerdictsOptions {
  orm: MikroORM;
  health: Pick<SchemaHealthMonitor, 'latest' | 'isBroken' | 'onChange'>;
  log: { warn(details: object, message: string): void };
}

/** Tells webhooks when the schema breaks, once for all processes; tried until it works. Answers how to stop. */
export function recordVerdicts({ orm, health, log }: RecordVerdictsOptions): () => void {
  let isDue = true;
  const leave = health.onChange(() => {
    isDue = true;
  });
  const loop = repeat('record what the schema is like', everyMs, async () => {
    const report = health.latest;
    if (!isDue || report === null || report.status === 'UNREACHABLE' || report.status === 'UNVERIFIED') return;
    // A lock that hides what is broken has not mended it.
    if (report.status !== 'BROKEN' && health.isBroken) return;
    isDue = false;
    const missing = [...new Set(report.features.flatMap((feature) => feature.missing))];
    await recordVerdict(orm.em.fork(), { isBroken: health.isBroken, missing }).catch((error: unknown) => {
      // What it would be written to is what broke: there is nobody left to tell.
      if (isSchemaFailure(error)) return;
      isDue = true;
      throw error;
    });
  }, log);
  return () => {
    leave();
    loop.stop();
  };
}

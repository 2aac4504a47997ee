import { OutriderError } from '../domain/errors.ts';

/** Classes of SQLSTATE that say something about the database or its load, and nothing about what was asked. */
const transient = /^(08|40|53|55|57|58)/;

/** Names that are not there, rights that are missing, columns and values that our statements always get right on our schema. */
const ofSchema = /^(42...|3F000|0A000|55000|23502|22P02)$/;

/** Whether the schema is to blame, and neither the rows nor the load: it works again when somebody has mended it. */
export function isSchemaFailure(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof OutriderError && cause.code === 'DATA_INTEGRITY') return true;
    if (ofSchema.test((cause as NodeJS.ErrnoException).code ?? '')) return true;
  }
  return false;
}

/** Whether the same statement may well succeed later: connection lost, shutdown, deadlock, out of resources, lock timeout. */
export function isTransient(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code ? transient.test(code) || /^E[A-Z]+$/.test(code) : /connection|timeout/i.test(cause.message)) {
      return true;
    }
  }
  return false;
}

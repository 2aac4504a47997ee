/** Classes of SQLSTATE that say something about the database or its load, and nothing about what was asked. */
const transient = /^(08|40|53|55|57|58)/;

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

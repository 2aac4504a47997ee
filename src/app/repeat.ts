export interface Loop {
  stop(): void;
}

/**
 * Runs `work` at once and then again and again, `ms` after it ended, until stopped. A failure is logged once until it
 * works again, and makes the pauses longer: whoever needs the database waits for it in this way.
 */
export function repeat(what: string, ms: number, work: () => Promise<unknown>, log: { warn(details: object, message: string): void }): Loop {
  let stopped = false;
  let timer: NodeJS.Timeout;
  let failures = 0;
  const run = async (): Promise<void> => {
    try {
      await work();
      failures = 0;
    } catch (error) {
      failures += 1;
      if (failures === 1 && !stopped) {
        log.warn({ err: error }, `${what} failed; trying again until it works`);
      }
    }
    if (!stopped) {
      timer = setTimeout(run, Math.min(ms * 2 ** failures, Math.max(ms, 5_000)) * (0.9 + Math.random() / 5));
    }
  };
  void run();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

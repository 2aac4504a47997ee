/** How long what was left open may keep the process (ms). */
const patienceMs = 5_000;

/** Ends the process a while after its command has, whatever was left open. What is still being printed is waited for. */
export function endSoon(): void {
  setTimeout(() => (isPrinting() ? endSoon() : process.exit()), patienceMs).unref();
}

const isPrinting = (): boolean => process.stdout.writableLength + process.stderr.writableLength > 0;

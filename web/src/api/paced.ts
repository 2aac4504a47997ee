/** Where the answers of a subscription go. */
interface Sink<Result> {
  next(result: Result): void;
  error(error: unknown): void;
  complete(): void;
}

const everyMs = 200;

/**
 * Hands events on a few times a second, however fast they come: each is the present state of one thing, so of those
 * about the same thing the latest is enough. The first comes at once, and nothing is withheld at the end.
 */
export function paced<Result extends { data?: unknown }>(sink: Sink<Result>): Sink<Result> {
  const latest = new Map<string, Result>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  function flush() {
    timer = undefined;
    if (latest.size === 0) return;
    const results = [...latest.values()];
    latest.clear();
    for (const result of results) sink.next(result);
    timer = setTimeout(flush, everyMs);
  }
  function end() {
    clearTimeout(timer);
    flush();
    clearTimeout(timer);
  }
  return {
    next(result) {
      latest.set(subjectOf(result), result);
      if (timer === undefined) flush();
    },
    error(error) {
      end();
      sink.error(error);
    },
    complete() {
      end();
      sink.complete();
    },
  };
}

/** What an event is about: the id of the thing it brings, or the subscription's only subject. */
function subjectOf({ data }: { data?: unknown }): string {
  const [value]: unknown[] = Object.values(data ?? {});
  return typeof value === 'object' && value !== null && 'id' in value ? String(value.id) : '';
}

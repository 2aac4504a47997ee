/** How many hashes one question names. */
const mostAtOnce = 500;

/**
 * Asks for many at once: while one question is under way the next hashes wait and go together, so that a flood of tokens
 * that nobody knows is one statement at a time.
 */
export function lookUpTogether<Found>(find: (hashes: readonly string[]) => Promise<ReadonlyMap<string, Found>>): (hash: string) => Promise<Found | null> {
  const waiting = new Map<string, PromiseWithResolvers<Found | null>>();
  let isAsking = false;

  async function ask(): Promise<void> {
    isAsking = true;
    while (waiting.size > 0) {
      const asked = [...waiting].slice(0, mostAtOnce);
      asked.forEach(([hash]) => waiting.delete(hash));
      try {
        const found = await find(asked.map(([hash]) => hash));
        asked.forEach(([hash, { resolve }]) => resolve(found.get(hash) ?? null));
      } catch (error) {
        asked.forEach(([, { reject }]) => reject(error));
      }
    }
    isAsking = false;
  }

  return (hash) => {
    const answer = waiting.get(hash) ?? Promise.withResolvers<Found | null>();
    waiting.set(hash, answer);
    if (!isAsking) void ask();
    return answer.promise;
  };
}

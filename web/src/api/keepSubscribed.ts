import type { Client, DocumentInput } from 'urql';

const againMs = 3_000;

/**
 * Hands every event to `listener`, for as long as the page wants it: a subscription that the server ends or refuses
 * (its schema may not be ready) is asked for again. A lost socket is not an end; it reconnects by itself.
 * @returns ends it
 */
export function keepSubscribed<Data>(client: Client, document: DocumentInput<Data, Record<string, never>>, listener: (data: Data) => void): () => void {
  let stop = () => {};
  let timer: ReturnType<typeof setTimeout>;
  function start() {
    const { unsubscribe } = client.subscription(document, {}).subscribe(({ data, error, hasNext }) => {
      if (data) listener(data);
      if (error || !hasNext) {
        unsubscribe();
        timer = setTimeout(start, againMs);
      }
    });
    stop = unsubscribe;
  }
  start();
  return () => {
    clearTimeout(timer);
    stop();
  };
}

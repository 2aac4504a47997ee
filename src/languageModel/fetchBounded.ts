/** Bytes of an answer; a draft has some thousands. */
const maximumBytes = 1_000_000;

/** An answer that does not end. */
export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge';
}

/** `fetch`, whose answers break off with {@link AnswerTooLarge} when they are larger than any draft. */
export async function fetchBounded(...request: Parameters<typeof fetch>): Promise<Response> {
  const response = await fetch(...request);
  let bytes = 0;
  const bound = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > maximumBytes) controller.error(new AnswerTooLarge(`more than ${maximumBytes} bytes`));
      else controller.enqueue(chunk);
    },
  });
  return new Response(response.body?.pipeThrough(bound) ?? null, response);
}

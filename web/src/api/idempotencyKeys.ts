/**
 * The idempotency key of a request: the same input keeps its key, so that a double click or a repeat after a lost
 * answer starts nothing twice; other input gets another one.
 */
export class IdempotencyKeys {
  #input: string | undefined;
  #key = '';

  for(input: unknown): string {
    const text = JSON.stringify(input);
    if (text !== this.#input) {
      this.#input = text;
      this.#key = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
    }
    return this.#key;
  }
}

import type { RequestListener } from 'node:http';

/**
 * How a server ends without a request failing. It goes on serving for a while: GET /health/ready says 503, so that load balancers find
 * another one, and every answer is the last of its connection, so that proxies make the next connection elsewhere.
 */
export class Draining {
  #begun = false;
  #inHand = 0;
  #whenIdle: (() => void) | null = null;

  /** From now on the server is not ready. */
  begin(): void {
    this.#begun = true;
  }

  /** Resolves when no request is being answered. */
  async idle(): Promise<void> {
    if (this.#inHand > 0) await new Promise<void>((resolve) => (this.#whenIdle = resolve));
  }

  around(answer: RequestListener): RequestListener {
    return (request, response) => {
      this.#inHand += 1;
      response.once('close', () => {
        this.#inHand -= 1;
        if (this.#inHand === 0) this.#whenIdle?.();
      });
      if (this.#begun) response.setHeader('connection', 'close');
      if (this.#begun && request.url?.split('?', 1)[0] === '/health/ready') {
        response.writeHead(503, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ ready: false, reason: 'The server is stopping.', notReady: [] }));
      } else {
        void answer(request, response);
      }
    };
  }
}

import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedPost {
  headers: IncomingMessage['headers'];
  body: string;
}

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const taken: Answer = (response) => response.writeHead(202).end('taken');
const hang: Answer = () => {};
const reset: Answer = (_, request) => request.socket.resetAndDestroy();
const status = (code: number, text = '', headers: Record<string, string> = {}): Answer => (response) => response.writeHead(code, headers).end(text);

export const answers = { taken, hang, reset, status };

/** A receiver of webhooks on this machine; it answers as `answer` says at the time, and takes everything at first. */
export class WebhookServer {
  readonly secret = 'a secret of the webhook';
  answer: Answer = answers.taken;
  /** every request, whatever it was answered */
  readonly received: ReceivedPost[] = [];
  readonly #server: Server;
  #port = 0;

  private constructor() {
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('error', () => {}).on('data', (part) => (body += part)).on('end', () => {
        this.received.push({ headers: request.headers, body });
        this.answer(response, request);
      });
    });
  }

  static async open(): Promise<WebhookServer> {
    const server = new WebhookServer();
    await server.listen();
    return server;
  }

  /** again on its port, after `close` */
  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** as the configuration has it */
  get webhook(): { url: string; secret: string; timeoutSeconds: number } {
    return { url: `http://127.0.0.1:${this.#port}/hook?token=1`, secret: this.secret, timeoutSeconds: 1 };
  }

  /** Forgets what came, and takes everything again. */
  reset(): void {
    this.received.length = 0;
    this.answer = answers.taken;
  }

  /** Whether a request carries the signature of Standard Webhooks. */
  isSigned({ headers, body }: ReceivedPost): boolean {
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    return headers['webhook-signature'] === `v1,${createHmac('sha256', this.secret).update(signed).digest('base64')}`;
  }
}

import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ModelRequest {
  at: number;
  headers: IncomingHttpHeaders;
  path: string;
  body: { model: string; messages: { role: string; content: string }[]; [parameter: string]: any };
}

/** Answers one request; what it does not answer hangs. */
export type Behaviour = (response: ServerResponse, request: ModelRequest) => void | Promise<void>;

export interface ModelServer {
  baseUrl: string;
  /** in the order of arrival */
  requests: ModelRequest[];
  /** What comes next, one each; after the last one `otherwise`. */
  next: Behaviour[];
  otherwise: Behaviour;
  close(): Promise<void>;
}

/** A local server that speaks the protocol of OpenAI's chat completions. */
export async function startModelServer(otherwise: Behaviour = write()): Promise<ModelServer> {
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const request = { at: Date.now(), headers: incoming.headers, path: incoming.url!, body: JSON.parse(Buffer.concat(chunks).toString()) };
      model.requests.push(request);
      void (model.next.shift() ?? model.otherwise)(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const model: ModelServer = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests: [],
    next: [],
    otherwise,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return model;
}

export const usage = { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 };

/** A draft as it should be, or with these texts. */
export function write(texts: object = { subject: 'A word', body: 'Hello, this is written for you.' }): Behaviour {
  return (response, { body }) => {
    const isMail = JSON.stringify(body.response_format ?? body.messages).includes('subject');
    answer(JSON.stringify(isMail ? texts : { ...texts, subject: undefined }))(response, undefined as never);
  };
}

/** A completion with this text. */
export function answer(content: string | null, more: { finish_reason?: string; refusal?: string; usage?: object } = {}): Behaviour {
  const { finish_reason = 'stop', refusal = null } = more;
  return json(200, {
    id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'test',
    choices: [{ index: 0, message: { role: 'assistant', content, refusal }, finish_reason }],
    usage: 'usage' in more ? more.usage : usage,
  });
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Behaviour {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
}

export const fail = (status: number, message = 'no', headers: Record<string, string> = {}, code: string | null = null): Behaviour =>
  json(status, { error: { message, type: 'error', code } }, headers);

export const hang: Behaviour = () => {};

/** Sends the head of an answer and the beginning of its body, and nothing more. */
export const begin = (status: number): Behaviour => (response) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.write('{"choices": [');
};

export const reset: Behaviour = (response) => void response.socket!.resetAndDestroy();

/** Says how long the answer will be, sends a part of it, and is gone. */
export const breakOff: Behaviour = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"choices": [');
  setTimeout(() => response.socket!.resetAndDestroy(), 20);
};

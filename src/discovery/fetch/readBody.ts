import type { IncomingMessage } from 'node:http';
import { type Duplex, pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { explain } from './explain.ts';
import { FetchError } from './fetch.ts';

const decoders: Readonly<Record<string, () => Duplex>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

interface Bounds {
  maximumBytes: number;
  /** cuts what is longer, instead of refusing it */
  truncate: boolean;
  signal: AbortSignal;
}

/** A response's body without its compression. Never holds more than the bound and one piece, however it was compressed. */
export async function readBody(response: IncomingMessage, url: URL, { maximumBytes, truncate, signal }: Bounds): Promise<Buffer> {
  const tooLarge = () => new FetchError('TOO_LARGE', `${url.href} has more than ${maximumBytes.toLocaleString('en')} bytes.`, { url: url.href });
  if (!truncate && Number(response.headers['content-length'] ?? 0) > maximumBytes) throw tooLarge();
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of decode(response, url) as AsyncIterable<Buffer>) {
      pieces.push(piece);
      length += piece.length;
      if (length <= maximumBytes) continue;
      if (!truncate) throw tooLarge();
      break;
    }
  } catch (error) {
    throw explain(error as NodeJS.ErrnoException, url, signal);
  }
  return Buffer.concat(pieces).subarray(0, maximumBytes);
}

function decode(response: IncomingMessage, url: URL): Readable {
  const encodings = (response.headers['content-encoding'] ?? '').toLowerCase().split(',').map((name) => name.trim()).filter((name) => name !== '' && name !== 'identity');
  if (encodings.length === 0) return response;
  const decoder = decoders[encodings[0]!];
  if (!decoder || encodings.length > 1) {
    throw new FetchError('BAD_RESPONSE', `${url.host} answers in the encoding ${encodings.join(', ')}, which is not understood.`, { url: url.href });
  }
  // Each end's failure destroys the other, and is thrown where the last one is read.
  return pipeline(response, decoder(), () => {});
}

import { AddressRefusedError, ProtocolError } from '../../network/requestPublic.ts';
import { FetchError } from './fetch.ts';

/** A failure below HTTP as what a person may read. */
export function explain(error: NodeJS.ErrnoException, url: URL, signal: AbortSignal): unknown {
  if (error instanceof FetchError) return error;
  if (error instanceof AddressRefusedError) return new FetchError('ADDRESS_REFUSED', `${url.origin} is not fetched from: ${error.message}.`, { url: url.href });
  if (error instanceof ProtocolError) return new FetchError('BAD_RESPONSE', error.message, { url: url.href });
  if (signal.aborted) return signal.reason;
  const { code = 'UNKNOWN', message } = error;
  const failure = { url: url.href, cause: error };
  if (code === 'ENOTFOUND' || code === 'ENODATA') return new FetchError('HOST_NOT_FOUND', `There is no host ${url.hostname}.`, failure);
  if (code.startsWith('HPE_') || code.startsWith('Z_') || code.startsWith('ERR_BROTLI')) {
    return new FetchError('BAD_RESPONSE', `${url.host} gave an answer that cannot be read (${code}).`, failure);
  }
  return new FetchError('CONNECTION_FAILED', `The connection to ${url.host} failed: ${message || code}.`, failure);
}

/** A file to import, and how. */
export interface Upload {
  file: Blob;
  format: 'CSV' | 'NDJSON';
  /** file column → field of a prospect */
  mapping: Readonly<Record<string, string>> | null;
  dryRun: boolean;
  idempotencyKey: string;
}

/** The id of the job, or why there is none. */
export type Uploaded = { jobId: string } | { messages: string[] };

type Answer = { job?: { id: string } | null; userErrors?: { message: string }[]; errors?: { message: string }[] };

/**
 * Streams a file to the server; the answer comes once the last row has its outcome.
 * @param progress called with the bytes that are sent so far
 * @param signal breaks it off: what was imported stays
 */
export function upload({ file, format, mapping, dryRun, idempotencyKey }: Upload, progress: (sent: number) => void, signal: AbortSignal): Promise<Uploaded> {
  const query = new URLSearchParams({ format: format.toLowerCase(), dryRun: String(dryRun) });
  if (mapping) query.set('mapping', JSON.stringify(mapping));
  // Only the old interface tells how far an upload is.
  const request = new XMLHttpRequest();
  return new Promise((resolve) => {
    request.upload.addEventListener('progress', ({ loaded }) => progress(loaded));
    request.addEventListener('load', () => resolve(read(request)));
    request.addEventListener('error', () => resolve({ messages: ['The server does not answer. What it has imported by then stays; sending the file again doubles nothing.'] }));
    request.addEventListener('abort', () => resolve({ messages: ['The upload was broken off. What was imported stays; sending the file again doubles nothing.'] }));
    signal.addEventListener('abort', () => request.abort());
    request.open('POST', `/import?${query}`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.setRequestHeader('idempotency-key', idempotencyKey);
    request.send(file);
  });
}

function read({ status, responseText }: XMLHttpRequest): Uploaded {
  try {
    const { job, userErrors = [], errors = [] } = JSON.parse(responseText) as Answer;
    if (job) return { jobId: job.id };
    const messages = [...userErrors, ...errors].map(({ message }) => message);
    if (messages.length > 0) return { messages };
  } catch {
    // What is not JSON says nothing to a person.
  }
  return { messages: [`The server answered HTTP ${status}.`] };
}

import { useRef, useState } from 'react';
import { type CombinedError, useClient } from 'urql';
import { refetch } from '../../../api/activeQueries.ts';
import { IdempotencyKeys } from '../../../api/idempotencyKeys.ts';
import { ImportProspectsDocument } from '../../../graphql/graphql.ts';
import { type Upload, upload } from './upload.ts';

/** More goes by another way, as a stream. */
const mostInline = 64 * 1024;

type State = { busy: boolean; sent: number | null; messages: readonly string[]; failure: CombinedError | undefined };
const idle: State = { busy: false, sent: null, messages: [], failure: undefined };

/** Imports a file, small or large. */
export function useImport() {
  const client = useClient();
  const [state, setState] = useState(idle);
  const keys = useRef(new IdempotencyKeys());
  const running = useRef<AbortController | null>(null);

  /** @returns the id of the job; null where there is none, and the state says why */
  async function start(given: Omit<Upload, 'idempotencyKey'>): Promise<string | null> {
    if (running.current) return null;
    running.current = new AbortController();
    setState({ ...idle, busy: true });
    const { file, ...rest } = given;
    const digest = Array.from(new Uint8Array(await crypto.subtle?.digest('SHA-256', await file.slice(0, 1_000_000).arrayBuffer()) ?? []));
    const request: Upload = { ...given, idempotencyKey: keys.current.for([rest, file.size, digest]) };
    const { jobId, ...end } = file.size > mostInline ? await stream(request) : await inline(request);
    running.current = null;
    setState({ ...idle, ...end });
    if (jobId) refetch(client, ['Prospects', 'Tags', 'Jobs']);
    return jobId;
  }

  async function stream(request: Upload): Promise<Partial<State> & { jobId: string | null }> {
    const answer = await upload(request, (sent) => setState((before) => ({ ...before, sent })), running.current!.signal);
    return 'jobId' in answer ? answer : { jobId: null, messages: answer.messages };
  }

  async function inline({ file, ...rest }: Upload): Promise<Partial<State> & { jobId: string | null }> {
    const { data, error } = await client.mutation(ImportProspectsDocument, { input: { ...rest, data: await file.text() } }).toPromise();
    const { job, userErrors = [] } = data?.importProspects ?? {};
    return { jobId: job?.id ?? null, failure: error, messages: userErrors.map(({ message }) => message) };
  }

  return { ...state, start, stop: () => running.current?.abort() };
}

import { useEffect, useState } from 'react';
import { type CombinedError, useClient } from 'urql';
import { refetch } from '../../api/activeQueries.ts';
import { Store, useStore } from '../../api/store.ts';
import { type Answer, useAnswer } from '../../api/useAnswer.ts';
import { type HealthFragment, SchemaHealthDocument } from '../../graphql/graphql.ts';
import { words } from '../../parts/format.ts';
import { toast } from '../../parts/toasts.ts';
import { useRefresh } from '../../parts/useRefresh.ts';

export type Health = HealthFragment;

/** Health as it was when the database last answered, for as long as this window lives: leaving the page does not forget it. */
const lastKnown = new Store<Health | undefined>(undefined);

const everyMs = 10_000;

/** The newest check, what is known of the schema when that check could read nothing, and the way to another one. */
export function useHealth(): { answer: Answer<Health>; known: Health | undefined; check: () => void; checking: boolean; failure: CombinedError | undefined } {
  const client = useClient();
  const answer = useAnswer(SchemaHealthDocument, {}, ({ schemaHealth }) => schemaHealth);
  const [{ checking, failure }, setCheck] = useState<{ checking: boolean; failure?: CombinedError | undefined }>({ checking: false });
  const kept = useStore(lastKnown);
  const readNow = answer.value?.database ? answer.value : undefined;
  useEffect(() => {
    if (readNow) lastKnown.set(readNow);
  }, [readNow]);
  useRefresh(true, everyMs, answer.again);

  async function check() {
    if (checking) return;
    const before = answer.value;
    setCheck({ checking: true });
    const { data, error } = await client.query(SchemaHealthDocument, { refresh: true }, { requestPolicy: 'network-only' }).toPromise();
    setCheck({ checking: false, failure: error });
    if (!data) return;
    const now = data.schemaHealth;
    toast(now.status === before?.status && now.fingerprint === before.fingerprint ? `Checked again: still ${words(now.status).toLowerCase()}, nothing has changed` : `Checked again: ${words(now.status).toLowerCase()}`);
    // The server has the new verdict now: what is on screen asks for it.
    refetch(client, ['SchemaHealth', 'Verdict']);
  }

  return { answer, known: readNow ?? kept, check: () => void check(), checking, failure: answer.error ? undefined : failure };
}

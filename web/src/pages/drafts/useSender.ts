import { useQuery } from 'urql';
import { type Channel, DraftSendersDocument, type SenderRowFragment } from '../../graphql/graphql.ts';

/** Whom messages of a channel come from; null when there is nobody yet, undefined when that is not known. */
export function useSender(channel: Channel): SenderRowFragment | null | undefined {
  const [{ data }] = useQuery({ query: DraftSendersDocument, requestPolicy: 'cache-first' });
  return data?.senders && (data.senders.find((sender) => sender.channel === channel) ?? null);
}

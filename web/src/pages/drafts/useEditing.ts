import { useState } from 'react';
import { type CombinedError, useClient, useMutation } from 'urql';
import { refetch } from '../../api/activeQueries.ts';
import { UpdateDraftDocument, type UpdateDraftMutation } from '../../graphql/graphql.ts';
import { toast } from '../../parts/toasts.ts';
import { isSameText, type Text, textOf, type useDraft } from './useDraft.ts';

type UserErrors = UpdateDraftMutation['updateDraft']['userErrors'];

/** The text that somebody types over a draft: it stays until it is saved or given up, whatever happens to the draft meanwhile. */
export function useEditing({ answer, latest, read, isChanged, readOn }: ReturnType<typeof useDraft>, ended: () => void) {
  const client = useClient();
  const [mine, setMine] = useState<Text | null>(null);
  const [{ fetching: busy }, update] = useMutation(UpdateDraftDocument);
  const [failure, setFailure] = useState<CombinedError | undefined>();
  const [refusals, setRefusals] = useState<UserErrors>([]);
  /** a save was asked for that would go over a text which has not been read */
  const [isAsking, ask] = useState(false);

  const isDirty = mine !== null && read !== undefined && !isSameText(mine, textOf(read));
  const isConflict = isDirty && isChanged && latest !== undefined && !isSameText(mine, textOf(latest));
  if (mine && isChanged && !isConflict && !busy && latest) {
    // Nothing typed would be lost: the editor goes on with the newest text.
    readOn();
    setMine(textOf(latest));
  }

  function end() {
    setMine(null);
    setFailure(undefined);
    setRefusals([]);
    ask(false);
    ended();
  }

  /** Puts it into the draft as it is now, or with an empty text only addresses the draft anew. @param version that may be replaced */
  async function put(version: number, text: Text | null) {
    if (busy || !read) return;
    const { data, error } = await update({ input: { id: read.id, version, ...(text && { body: text.body }), ...(text?.subject != null && { subject: text.subject }) } });
    setFailure(error);
    setRefusals(data?.updateDraft.userErrors ?? []);
    if (!data) return;
    const { draft, userErrors } = data.updateDraft;
    if (userErrors.some(({ code }) => code === 'STALE')) {
      setRefusals([]);
      ask(true);
      answer.again();
    } else if (draft && userErrors.length === 0) {
      readOn(draft);
      end();
      toast('Draft saved');
      refetch(client, ['Drafts', 'DraftCounts']);
    }
  }

  return {
    mine,
    isDirty,
    isConflict,
    isAsking: isAsking && isDirty,
    busy,
    failure,
    refusals,
    begin: (text: Text) => setMine(text),
    type: (change: Partial<Text>) => setMine((before) => before && { ...before, ...change }),
    end,
    ask,
    save: () => {
      if (!mine || !read) return;
      if (!isDirty) end();
      else if (isConflict) ask(true);
      else void put(read.version, mine);
    },
    saveOver: () => void (latest && put(latest.version, mine)),
    addressAnew: () => void (latest && put(latest.version, null)),
    takeTheirs: () => {
      readOn();
      end();
    },
  };
}

import { useState } from 'react';
import { useQuery } from 'urql';
import { DraftTextsDocument } from '../../graphql/graphql.ts';

interface Texts {
  subject: string;
  body: string;
}

/**
 * The texts that a draft job begins with: the default of the settings until a kept template is chosen or something is
 * typed. Empty ones mean the default, too, for the server.
 */
export function useTexts() {
  const [{ data, fetching }] = useQuery({ query: DraftTextsDocument });
  const [typed, setTyped] = useState<Texts | null>(null);
  const [template, setTemplate] = useState('');
  const byDefault = { subject: data?.settings?.draftEmail.subject ?? '', body: data?.settings?.draftEmail.body ?? '' };
  const templates = data?.templates?.nodes ?? [];
  const texts = typed ?? byDefault;
  return {
    ...texts,
    templates,
    template,
    fetching: fetching && !data,
    type: (change: Partial<Texts>) => setTyped({ ...texts, ...change }),
    /** @param id of a kept template; empty for the default of the settings */
    choose: (id: string) => {
      const chosen = templates.find((one) => one.id === id);
      setTemplate(id);
      setTyped(chosen ? { subject: chosen.subject ?? '', body: chosen.body } : null);
    },
  };
}

import { useEffect, useState } from 'react';

/** Fields of a form by name, as text. */
export type Texts = Readonly<Record<string, string>>;

/** What was typed into a field, and what was stored when that began. */
type Edit = { text: string; over: string };

/** What a form shows and knows of each field: what is stored, and over it what was typed. */
export interface Edits {
  text: (name: string) => string;
  /** types into fields */
  set: (texts: Texts) => void;
  /** names of the fields that differ from what is stored */
  changed: readonly string[];
  /** what somebody else stored since the field was typed into; undefined where nobody did */
  theirs: (name: string) => string | undefined;
  /** their value instead of the typed one */
  take: (name: string) => void;
  /** the typed value although somebody else stored another one */
  keep: (name: string) => void;
  discard: () => void;
  /** forgets what was sent and is stored now; what was typed since stays */
  settle: (sent: Texts) => void;
}

/** The fields of a form over what is stored, which may change at any time: only what nobody typed into follows it. */
export function useEdits(stored: Texts): Edits {
  const [edits, setEdits] = useState<Readonly<Record<string, Edit>>>({});
  const text = (name: string) => edits[name]?.text ?? stored[name] ?? '';
  const changed = Object.keys(edits).filter((name) => text(name) !== (stored[name] ?? ''));
  const signature = JSON.stringify(stored);

  // What became equal is no edit any more: it follows what is stored again.
  useEffect(() => {
    const known = JSON.parse(signature) as Texts;
    setEdits((all) => only(all, (name, edit) => edit.text !== (known[name] ?? '')));
  }, [signature]);

  return {
    text,
    set: (texts) => {
      setEdits((all) => ({
        ...all,
        ...Object.fromEntries(Object.entries(texts).map(([name, typed]) => [name, { text: typed, over: all[name]?.over ?? stored[name] ?? '' }])),
      }));
    },
    changed,
    theirs: (name) => (changed.includes(name) && edits[name]?.over !== (stored[name] ?? '') ? (stored[name] ?? '') : undefined),
    take: (name) => setEdits((all) => only(all, (other) => other !== name)),
    keep: (name) => setEdits((all) => ({ ...all, [name]: { text: text(name), over: stored[name] ?? '' } })),
    discard: () => setEdits({}),
    settle: (sent) => {
      setEdits((all) => {
        const left = only(all, (name, edit) => sent[name] !== edit.text);
        return Object.fromEntries(Object.entries(left).map(([name, edit]) => [name, { ...edit, over: sent[name] ?? edit.over }]));
      });
    },
  };
}

function only(edits: Readonly<Record<string, Edit>>, stays: (name: string, edit: Edit) => boolean): Readonly<Record<string, Edit>> {
  const left = Object.entries(edits).filter(([name, edit]) => stays(name, edit));
  return left.length === Object.keys(edits).length ? edits : Object.fromEntries(left);
}

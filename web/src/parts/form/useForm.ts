import { useRef, useState } from 'react';
import type { CombinedError } from 'urql';
import { type Edits, type Texts, useEdits } from './useEdits.ts';

/** Why the server did not save, as its mutations say it. */
export interface Refusal {
  code: string;
  message: string;
  field: readonly string[] | null;
}

/** What came of a save: neither a refusal nor an error when it worked. */
export interface SaveOutcome {
  refusals?: readonly Refusal[];
  error?: CombinedError;
}

/** A form that saves only what was changed, and says at each field what is wrong with it. */
export interface FormState extends Edits {
  /** what is wrong with a field and what would be right, known here or told by the server */
  problem: (name: string) => string | null;
  /** refusals that belong to no field of the form */
  refusals: readonly Refusal[];
  failure: CombinedError | undefined;
  saving: boolean;
  /** how often a save has ended, whichever way: what came of the last one is on the page once this has risen */
  attempts: number;
  /** only to read: the role may not change it */
  locked: boolean;
  /** once at a time; nothing happens where nothing was changed or a field is wrong */
  save: () => Promise<void>;
}

interface Options {
  stored: Texts;
  /** what is wrong with the text of a field */
  check?: (name: string, text: string) => string | null;
  locked?: boolean;
  /** saves what `changed` names, and resolves once what is shown as stored is up to date */
  send: (edits: Edits) => Promise<SaveOutcome>;
}

type Answer = { refused: Readonly<Record<string, string>>; refusals: readonly Refusal[]; failure?: CombinedError; saving: boolean };
const nothing: Answer = { refused: {}, refusals: [], saving: false };

export function useForm({ stored, check = () => null, locked = false, send }: Options): FormState {
  const edits = useEdits(stored);
  const [{ refused, refusals, failure, saving }, answer] = useState(nothing);
  const [attempts, setAttempts] = useState(0);
  const busy = useRef(false);
  const problem = (name: string) => (edits.changed.includes(name) ? check(name, edits.text(name)) : null) ?? refused[name] ?? null;

  async function save() {
    if (busy.current || edits.changed.length === 0) return;
    if (edits.changed.some((name) => check(name, edits.text(name)) !== null)) return setAttempts((before) => before + 1);
    busy.current = true;
    answer({ ...nothing, saving: true });
    const sent = Object.fromEntries(edits.changed.map((name) => [name, edits.text(name)]));
    try {
      const { refusals: told = [], error } = await send(edits);
      if (!error && told.length === 0) edits.settle(sent);
      const byField = told.map((refusal) => ({ name: fieldOf(refusal, stored), refusal }));
      answer({
        refused: Object.fromEntries(byField.flatMap(({ name, refusal }) => (name === undefined ? [] : [[name, refusal.message]]))),
        refusals: byField.filter(({ name }) => name === undefined).map(({ refusal }) => refusal),
        failure: error,
        saving: false,
      });
    } finally {
      busy.current = false;
      setAttempts((before) => before + 1);
    }
  }

  return {
    ...edits,
    set: (texts) => {
      edits.set(texts);
      answer((now) => ({ ...now, refused: Object.fromEntries(Object.entries(now.refused).filter(([name]) => !(name in texts))) }));
    },
    discard: () => {
      edits.discard();
      answer(nothing);
    },
    problem,
    refusals,
    failure,
    saving,
    attempts,
    locked,
    save,
  };
}

/** The field of the form that a refusal names: ["input", "followUp", "maximum"] is followUp.maximum, or the part of it that is a field. */
function fieldOf({ field }: Refusal, stored: Texts): string | undefined {
  for (let path = field?.slice(1) ?? []; path.length > 0; path = path.slice(0, -1)) {
    if (path.join('.') in stored) return path.join('.');
  }
  return undefined;
}

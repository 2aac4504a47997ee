/** Why a message waits, by what the server says of it. */
export type Reason = 'window' | 'cap' | 'gap' | 'suppression' | 'configuration' | 'hand' | 'server' | 'none';

const beginnings: readonly [RegExp, Reason][] = [
  [/^(the )?(sending )?window/i, 'window'],
  [/^(the )?daily cap/i, 'cap'],
  [/^(the )?(minimum )?gap/i, 'gap'],
  [/^to be sent by hand/i, 'hand'],
  [/^configuration/i, 'configuration'],
  [/^suppress|must not be contacted/i, 'suppression'],
];

/** Which reason a sentence of the server gives; anything that it does not name itself is what a mail server or a receiver said. */
export function reasonOf(blockedBy: string | null): Reason {
  if (blockedBy === null) return 'none';
  return beginnings.find(([pattern]) => pattern.test(blockedBy))?.[1] ?? 'server';
}

/** What holds them, and what there is to do about it. */
export const reasonTexts: Record<Reason, { label: string; next: string; settings?: boolean }> = {
  window: { label: 'Sending window', next: 'They leave by themselves when it opens.', settings: true },
  cap: { label: 'Daily cap', next: 'They leave by themselves on the next day, as many as the cap allows.', settings: true },
  gap: { label: 'Gap between messages', next: 'They leave one after the other; there is nothing to do.', settings: true },
  suppression: { label: 'Suppression', next: 'Cancel them: the recipient must not be contacted.' },
  configuration: { label: 'Configuration', next: 'Give the worker what it lacks and start it again.' },
  hand: { label: 'To be sent by hand', next: 'Send them yourself, under To decide.' },
  server: { label: 'The other side', next: 'They are tried again by themselves, less and less often.' },
  none: { label: 'Nothing holds them', next: 'A worker takes them next.' },
};

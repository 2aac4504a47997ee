import { Store } from '../api/store.ts';

/** One thing that the keyboard can do where the reader is. */
export interface Command {
  /** "j", "g p" (one after the other), "shift+j", "?", "mod+s" (Ctrl, or Command on a Mac) */
  keys: string;
  /** what it does, as the help says it */
  label: string;
  run: () => void;
  /** false: only listed, such as a key that the browser or a field handles itself */
  listens?: boolean;
}

/** Commands that belong together under one heading of the help. */
export interface CommandGroup {
  title: string;
  commands: readonly Command[];
}

/** What the keyboard can do now; the latest group is the most particular one. */
export const commandGroups = new Store<readonly CommandGroup[]>([]);

/** How long the second key of a sequence may take. */
const sequenceMs = 1_500;

let begun: { key: string; at: number } | null = null;

/**
 * Runs the command of a key, if there is one. Single keys are letters while somebody types, and do nothing to what lies
 * under a dialog; those with Ctrl or Command always work.
 */
export function pressed(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  const isModified = event.ctrlKey || event.metaKey;
  if (!isModified && (isTyping(event.target) || document.querySelector('dialog[open]'))) return;
  const key = nameOf(event, isModified);
  const sequence = begun && event.timeStamp - begun.at < sequenceMs ? `${begun.key} ${key}` : null;
  begun = null;
  const commands = commandGroups.get().toReversed().flatMap((group) => group.commands).filter(({ listens }) => listens !== false);
  const command = (sequence && commands.find(({ keys }) => keys === sequence)) ?? commands.find(({ keys }) => keys === key);
  if (command) {
    event.preventDefault();
    command.run();
  } else if (commands.some(({ keys }) => keys.startsWith(`${key} `))) {
    begun = { key, at: event.timeStamp };
  }
}

function nameOf(event: KeyboardEvent, isModified: boolean): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const isLetter = /^[a-z]$/.test(key);
  return `${isModified ? 'mod+' : ''}${event.shiftKey && (isLetter || key.length > 1) ? 'shift+' : ''}${key}`;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type);
  return target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

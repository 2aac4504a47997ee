import { useEffect, useRef } from 'react';
import { type Command, type CommandGroup, commandGroups } from './commands.ts';

/**
 * Offers commands to the keyboard as long as the component is on screen; the `?` dialog lists them under `title`.
 * @param commands may be another array in every render; which keys there are may change too
 */
export function useCommands(title: string, commands: readonly Command[]): void {
  const latest = useRef(commands);
  latest.current = commands;
  const signature = JSON.stringify(commands.map(({ keys, label, listens }) => [keys, label, listens]));
  useEffect(() => {
    if (latest.current.length === 0) return;
    const group: CommandGroup = {
      title,
      commands: latest.current.map((command) => ({ ...command, run: () => latest.current.find(({ keys }) => keys === command.keys)?.run() })),
    };
    commandGroups.set([...commandGroups.get(), group]);
    return () => commandGroups.set(commandGroups.get().filter((one) => one !== group));
  }, [title, signature]);
}

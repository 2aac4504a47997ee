import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export interface Instruction {
  name: string;
  text: string;
}

/** The stages of our Dockerfile, each from its FROM on; comments left out and continued lines joined. */
export function readDockerfile(): Instruction[][] {
  const lines = readFileSync(join(root, 'Dockerfile'), 'utf8').replace(/^\s*#.*\n/gm, '').replaceAll(/\\\n\s*/g, '').split('\n').filter((line) => line !== '');
  const stages: Instruction[][] = [[]];
  for (const line of lines) {
    const [, name = '', text = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    if (name === 'FROM') stages.push([]);
    stages.at(-1)!.push({ name, text });
  }
  return stages;
}

export const textsOf = (stage: readonly Instruction[], name: string): string[] => stage.filter((instruction) => instruction.name === name).map(({ text }) => text);

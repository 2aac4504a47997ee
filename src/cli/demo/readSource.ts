import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../config/packageRoot.ts';
import { CommandError } from '../CommandError.ts';

const sample = fileURLToPath(new URL('data/sample-projects.csv', packageRoot));

/** Whom the demo writes to. */
export interface Source {
  name: string;
  data: Buffer;
}

/** @throws {CommandError} when the file cannot be read */
export function readSource(path = sample): Source {
  try {
    return { name: basename(path), data: readFileSync(path) };
  } catch (error) {
    throw new CommandError(`${path} cannot be read (${(error as Error).message}): give a CSV file, or none for the sample.`, 2);
  }
}

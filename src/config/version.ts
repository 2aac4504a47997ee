import { readFileSync } from 'node:fs';
import { packageRoot } from './packageRoot.ts';

const packageJson = JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8')) as { version: string };

/** The version of this build, as package.json has it. */
export const version: string = packageJson.version;

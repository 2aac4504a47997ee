import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Programs of one version, as a distribution installs them; the embedded PostgreSQL has no others than the server's own. */
export const installed = '/usr/lib/postgresql';

/** The path of a program of the first version that has the server and all of these; null where there is none. */
export function installedPostgres(...programs: string[]): ((name: string) => string) | null {
  const versions = existsSync(installed) ? readdirSync(installed) : [];
  const folder = versions.map((version) => join(installed, version, 'bin')).find((bin) => ['postgres', 'initdb', 'pg_ctl', ...programs].every((name) => existsSync(join(bin, name))));
  return folder === undefined ? null : (name) => join(folder, name);
}

import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from './ConfigurationError.ts';

/** A new secret that says what it is for; 256 random bits. */
export const newToken = (prefix: string): string => `${prefix}_${randomBytes(32).toString('base64url')}`;

/** The admin token that works without the database: the one in DATA_DIR, made when there is none. */
export const localToken = (dataDir: string): string => localSecret(dataDir, 'token', 'outrider', 'OUTRIDER_TOKEN');

/** The key of the embedded default, which has no SECRET_KEY: the one in DATA_DIR, made when there is none. */
export const localSecretKey = (dataDir: string): string => localSecret(dataDir, 'secret-key', 'outrider_secret', 'SECRET_KEY');

/**
 * Only its owner may read it.
 * @throws {ConfigurationError} where the folder cannot be written, as in a container: then `variable` has to be set
 */
function localSecret(dataDir: string, name: string, prefix: string, variable: string): string {
  const path = join(dataDir, name);
  try {
    mkdirSync(dataDir, { recursive: true });
    // Exclusive, so that of two first starts at once only one writes.
    writeFileSync(path, newToken(prefix), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    // ENOENT is what Node.js makes of EROFS where it makes folders.
    if (['EROFS', 'EACCES', 'EPERM', 'ENOENT'].includes(code)) throw new ConfigurationError(`Set ${variable} to a long random text, or DATA_DIR to a folder that can be written: ${path} cannot be (${code}).`);
    if (code !== 'EEXIST') throw error;
  }
  chmodSync(path, 0o600);
  return readFileSync(path, 'utf8').trim();
}

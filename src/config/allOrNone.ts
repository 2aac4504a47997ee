import { ConfigurationError } from './ConfigurationError.ts';

/**
 * Variables that mean something together only.
 * @throws {ConfigurationError} naming what is missing
 */
export function allOrNone(variables: { [name: string]: string | undefined }): void {
  const missing = Object.keys(variables).filter((name) => variables[name] === undefined);
  if (missing.length > 0 && missing.length < Object.keys(variables).length) {
    const given = Object.keys(variables).find((name) => variables[name] !== undefined);
    throw new ConfigurationError(`Set ${missing.join(' and ')} too, because ${given} is set.`);
  }
}

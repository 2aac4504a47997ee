import type { Routine } from '../../catalog.ts';
import type { LiveCatalog } from '../../liveCatalog.ts';
import type { ExpectedCatalog } from '../../expectedCatalog.ts';
import { normalised } from '../sqlText.ts';
import { lastOf } from './tables.ts';

/** Missing functions that are still there: of the same text under another name, or called in another schema. Expected → present. */
export function renamedRoutines(expected: ExpectedCatalog, actual: LiveCatalog): Map<string, string> {
  const renamed = new Map<string, string>();
  const strangers = Object.entries(actual.functions).filter(([name]) => !expected.functions[name]);
  const texts = expressionsOf(actual);
  for (const [name, routine] of Object.entries(expected.functions)) {
    if (actual.functions[name]) continue;
    const [short, args] = [name.slice(0, name.indexOf('(')), name.slice(name.indexOf('('))];
    const same = strangers.filter(([other, found]) => other.endsWith(args) && isSame(routine, found)).map(([other]) => other);
    const [schema] = new Set(texts.flatMap((text) => schemasBefore(lastOf(short), text)).filter((found) => `${found}.${lastOf(short)}` !== short));
    const now = same.length === 1 ? same[0] : schema === undefined ? undefined : `${schema}.${lastOf(short)}${args}`;
    if (now !== undefined) renamed.set(name, now);
  }
  return renamed;
}

function isSame(a: Routine, b: Routine): boolean {
  return a.returns === b.returns && a.language === b.language && a.body !== null && b.body !== null && normalised(a.body) === normalised(b.body);
}

/** What names functions: defaults, what is generated, and triggers. */
function expressionsOf({ relations }: LiveCatalog): string[] {
  return Object.values(relations).flatMap(({ columns, triggers }) => [
    ...Object.values(columns).map((column) => column.default ?? ''),
    ...Object.values(triggers).map((trigger) => `${trigger.function}(`),
  ]);
}

function schemasBefore(name: string, text: string): string[] {
  return [...text.matchAll(/([\w$]+)\.([\w$]+)\(/g)].filter((match) => match[2] === name).map((match) => match[1] ?? '');
}

import { readFileSync } from 'node:fs';

/** One operation of a page, with what stands beside it. */
export interface Example {
  /** line of the page that the operation begins at */
  line: number;
  document: string;
  variables: Record<string, unknown>;
  /** what the page shows as the answer, `"…"` standing for anything; null where it shows none */
  answer: unknown;
  /** name → path in the answer's data: what later operations of the page call by that name */
  remember: Record<string, string>;
}

const block = /^```(\w+)(?: (\w+))?\n([\s\S]*?)^```$|^<!-- remember ([\w ]+) = ([\w.]+) -->$/gm;

/**
 * The operations of a page of docs/front-end, in order: each a block `graphql`, which may be followed by a block
 * `json variables`, a block `json answer` and comments `<!-- remember NAME = path.in.data -->`.
 */
export function readPage(path: string): Example[] {
  const text = readFileSync(path, 'utf8');
  const examples: Example[] = [];
  for (const match of text.matchAll(block)) {
    const [, language, purpose, content, name, from] = match;
    const latest = examples.at(-1);
    if (language === 'graphql') {
      const line = text.slice(0, match.index).split('\n').length;
      examples.push({ line, document: content!, variables: {}, answer: null, remember: {} });
    } else if (latest && language === 'json' && purpose === 'variables') {
      latest.variables = JSON.parse(content!);
    } else if (latest && language === 'json' && purpose === 'answer') {
      latest.answer = JSON.parse(content!);
    } else if (latest && name) {
      latest.remember[name] = from!;
    }
  }
  return examples;
}

/** `value` with every text `<name>` replaced by what is remembered under that name. */
export function fillIn(value: unknown, remembered: ReadonlyMap<string, unknown>): any {
  if (Array.isArray(value)) return value.map((item) => fillIn(item, remembered));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillIn(item, remembered)]));
  }
  const name = typeof value === 'string' ? /^<([\w ]+)>$/.exec(value)?.[1] : undefined;
  if (name === undefined) return value;
  if (!remembered.has(name)) throw new Error(`The page uses <${name}>, which nothing before has made.`);
  return remembered.get(name);
}

/** What a path such as `prospects.nodes.0.id` leads to. */
export function at(data: unknown, path: string): unknown {
  return path.split('.').reduce<any>((value, key) => value?.[key], data);
}

/** The answer as a page shows it: `…` is anything. */
export function shown(answer: unknown): any {
  if (answer === '…') return expect.anything();
  if (Array.isArray(answer)) return answer.map(shown);
  if (typeof answer === 'object' && answer !== null) return Object.fromEntries(Object.entries(answer).map(([key, item]) => [key, shown(item)]));
  return answer;
}

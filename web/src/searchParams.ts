/** Search parameters as the router holds them: text, or a list where a name stands more than once. */
export type SearchParams = Record<string, string | string[]>;

/** `?a=1&b=x&b=y` → `{ a: '1', b: ['x', 'y'] }`. Nothing is read as a number, so long ones keep every digit. */
export function parseSearch(search: string): SearchParams {
  const found: SearchParams = {};
  for (const [name, value] of new URLSearchParams(search)) {
    const before = found[name];
    found[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return found;
}

/** The way back; what is undefined or empty does not stand in the address. */
export function stringifySearch(search: Record<string, unknown>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '') parameters.append(name, String(one));
    }
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

/** The parameter as text, or undefined. */
export function textParameter(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' && first !== '' ? first : undefined;
}

/** All values of the parameter, each once; undefined when there is none. */
export function textsParameter(value: unknown): string[] | undefined {
  const given = (Array.isArray(value) ? value : [value]) as unknown[];
  const texts = [...new Set(given.filter((one) => typeof one === 'string' && one !== ''))] as string[];
  return texts.length > 0 ? texts : undefined;
}

/** The values of the parameter that are among `allowed`; undefined when there is none. */
export function choicesParameter<Choice extends string>(value: unknown, allowed: readonly Choice[]): Choice[] | undefined {
  const given = (Array.isArray(value) ? value : [value]) as unknown[];
  const known = allowed.filter((choice) => given.includes(choice));
  return known.length > 0 ? known : undefined;
}

/** The value of the parameter when it is among `allowed`, else undefined. */
export function choiceParameter<Choice extends string>(value: unknown, allowed: readonly Choice[]): Choice | undefined {
  return choicesParameter(textParameter(value), allowed)?.[0];
}

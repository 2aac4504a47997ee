/** A metric in an expression of PromQL, with the labels that it is matched by. */
export interface Reference {
  metric: string;
  /** label → the values that are named; none where it is matched by a variable or otherwise */
  matchers: Record<string, string[]>;
}

const words = new Set(['and', 'or', 'unless', 'bool', 'offset', 'inf', 'nan']);
const grouping = /\b(?:by|without|on|ignoring)\s*\(([^)]*)\)/g;

/** Every metric of an expression. Enough of PromQL for our own; promtool is what knows all of it. */
export function metricsIn(expression: string): Reference[] {
  return [...expression.replaceAll(grouping, ' ').matchAll(/([a-z_][a-z0-9_]*)\s*(\{[^}]*\})?(?!\s*\(|[a-z0-9_])/g)]
    .filter(({ 1: name, index }) => !words.has(name!) && !isInString(expression.replaceAll(grouping, ' '), index))
    .map(({ 1: name, 2: selector = '' }) => ({
      metric: name!,
      matchers: Object.fromEntries([...selector.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"/g)].map(([, label, value]) => [label!, /^[\w|]+$/.test(value!) ? value!.split('|') : []])),
    }));
}

/** The labels that an expression groups by. */
export function labelsIn(expression: string): string[] {
  return [...expression.matchAll(grouping)].flatMap(([, labels]) => labels!.split(',').map((label) => label.trim())).filter((label) => label !== '');
}

const isInString = (text: string, index: number) => (text.slice(0, index).match(/"/g)?.length ?? 0) % 2 === 1 || /\[[^\]]*$/.test(text.slice(0, index));

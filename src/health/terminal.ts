/** How lists and sentences are laid out for a terminal. */
const WIDTH = 100;
const NAMES = 8;
const urgentTypes = ['Mutation', 'Query', 'Subscription'];

/** `Mutation.startDraftJob, Mutation.retryJob; Job.error, status`: what people do, whole, before what they see. */
export function byType(coordinates: readonly string[]): string {
  const named = new Set(coordinates.map((coordinate) => coordinate.slice(coordinate.indexOf('.') + 1)));
  // A whole operation says more than one field of its input.
  const whole = coordinates.filter((coordinate) => !named.has(operationOf(coordinate)));
  const groups = Map.groupBy(whole, (coordinate) => coordinate.split('.')[0]!);
  const rank = (type: string) => urgentTypes.indexOf(type) >>> 0;
  const types = [...groups].sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const shown = types.map(([type, members]) =>
    urgentTypes.includes(type) ? members.sort().join(', ') : `${type}.${shortened(members.map((member) => member.slice(type.length + 1)).sort())}`);
  return shortened(shown, '; ');
}

/** `StartDraftJobInput.channel` → `startDraftJob` */
function operationOf(coordinate: string): string {
  const [, first = '', rest = ''] = /^(\w)(\w*)Input\./.exec(coordinate) ?? [];
  return first.toLowerCase() + rest;
}

/** The first few, and how many more there are. */
export function shortened(list: readonly string[], separator = ', '): string {
  const rest = list.length - NAMES;
  return list.slice(0, NAMES).join(separator) + (rest > 0 ? ` and ${rest} more` : '');
}

/** Lines of no more than 100 characters where words allow it; all but the first are indented. */
export function wrapped(text: string, indent: number): string {
  const start = /^\s*/.exec(text)![0];
  const lines: string[] = [];
  let current = start;
  for (const word of text.slice(start.length).split(/(?<=\S) (?=\S)/)) {
    const longer = current.trim() === '' ? current + word : `${current} ${word}`;
    if (longer.length > WIDTH && current.trim() !== '') {
      lines.push(current);
      current = ' '.repeat(indent) + word;
    } else {
      current = longer;
    }
  }
  return [...lines, current].join('\n');
}

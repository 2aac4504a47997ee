/** A run of text that both have, or only one of them. */
export type Piece = { kind: 'same' | 'removed' | 'added'; text: string };

/** Cells of the table that is filled for two texts; beyond it whole lines are compared, then nothing. */
const mostCells = 4_000_000;

/** What was taken out of `before` and put into `after`, word by word, by the longest common subsequence. */
export function diff(before: string, after: string): Piece[] {
  for (const token of [/\s+|[\p{L}\p{N}'’]+|./gsu, /.*\n|.+$/gu]) {
    const [left, right] = [before.match(token) ?? [], after.match(token) ?? []];
    const start = commonStart(left, right);
    const end = commonStart(left.slice(start).toReversed(), right.slice(start).toReversed());
    const [a, b] = [left.slice(start, left.length - end), right.slice(start, right.length - end)];
    if (a.length * b.length > mostCells) continue;
    return joined([...pieces('same', left.slice(0, start)), ...differing(a, b), ...pieces('same', end > 0 ? left.slice(-end) : [])]);
  }
  return joined([...pieces('removed', [before]), ...pieces('added', [after])]);
}

function commonStart(a: readonly string[], b: readonly string[]): number {
  const found = a.findIndex((token, place) => token !== b[place]);
  return found === -1 ? a.length : found;
}

function differing(a: readonly string[], b: readonly string[]): Piece[] {
  const width = b.length + 1;
  // lengths[i][j]: of the longest common subsequence of a from i and b from j
  const lengths = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const found: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      found.push({ kind: 'same', text: a[i]! });
      [i, j] = [i + 1, j + 1];
    } else if (at(i + 1, j) >= at(i, j + 1)) {
      found.push({ kind: 'removed', text: a[i++]! });
    } else {
      found.push({ kind: 'added', text: b[j++]! });
    }
  }
  return [...found, ...pieces('removed', a.slice(i)), ...pieces('added', b.slice(j))];
}

const pieces = (kind: Piece['kind'], texts: readonly string[]): Piece[] => texts.map((text) => ({ kind, text }));

/** Neighbours of one kind in one piece. */
function joined(all: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  for (const { kind, text } of all) {
    const last = result.at(-1);
    if (text === '') continue;
    if (last?.kind === kind) last.text += text;
    else result.push({ kind, text });
  }
  return result;
}

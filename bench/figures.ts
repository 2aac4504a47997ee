import { measured } from './measure.ts';

/** One line of the table: ours beside a peer or a limit. */
export interface Figure {
  what: string;
  /** Of `ours` and `theirs`. */
  unit: string;
  ours: number;
  /** of the rounds that `ours` is the median of: half of what lies between the quartiles, as a part of it */
  spread?: number;
  peer?: string;
  theirs?: number;
  theirSpread?: number;
  /** ours / theirs */
  ratio?: number;
  goal?: string;
  reached?: boolean;
}

/** Ours beside a peer, round by round, judged by the ratio of the medians. */
export function compared(
  what: string,
  unit: string,
  ours: readonly number[],
  peer: string,
  theirs: readonly number[],
  goal?: { atMost: number } | { atLeast: number },
): Figure {
  const [our, their] = [measured(ours), measured(theirs)];
  const ratio = our.median / their.median;
  const figure: Figure = { what, unit, ours: our.median, spread: our.spread, peer, theirs: their.median, theirSpread: their.spread, ratio };
  if (!goal) return figure;
  return 'atMost' in goal
    ? { ...figure, goal: `≤ ${goal.atMost}`, reached: ratio <= goal.atMost }
    : { ...figure, goal: `≥ ${goal.atLeast}`, reached: ratio >= goal.atLeast };
}

/** Ours beside what it may be at most. */
export function within(what: string, unit: string, ours: readonly number[], most: number): Figure {
  const { median, spread } = measured(ours);
  return { what, unit, ours: median, spread, peer: 'goal', theirs: most, ratio: median / most, goal: '≤ 1', reached: median <= most };
}

/** A Markdown table, which reads well in a terminal too. */
export function table(figures: readonly Figure[]): string {
  const rows = [
    ['what', 'ours', 'peer or limit', 'theirs', 'ratio', 'goal', ''],
    ...figures.map((figure) => [
      figure.what,
      amount(figure.ours, figure.unit, figure.spread),
      figure.peer ?? '',
      figure.theirs === undefined ? '' : amount(figure.theirs, figure.unit, figure.theirSpread),
      figure.ratio?.toFixed(2) ?? '',
      figure.goal ?? '',
      figure.reached === undefined ? '' : figure.reached ? 'reached' : 'missed',
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join('\n');
}

function amount(value: number, unit: string, spread?: number): string {
  const rounded = new Intl.NumberFormat('en', { maximumSignificantDigits: value < 1000 ? 3 : 4 }).format(value);
  return `${rounded} ${unit}${spread === undefined ? '' : ` ± ${Math.round(spread * 100)} %`}`.trim();
}

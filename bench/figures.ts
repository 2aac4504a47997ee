/** One line of the table: ours beside a peer or a limit. */
export interface Figure {
  what: string;
  /** Of `ours` and `theirs`. */
  unit: string;
  ours: number;
  peer?: string;
  theirs?: number;
  /** ours / theirs */
  ratio?: number;
  goal?: string;
  reached?: boolean;
}

/** Ours beside a peer, judged by the ratio of the two. */
export function compared(
  what: string,
  unit: string,
  ours: number,
  peer: string,
  theirs: number,
  goal?: { atMost: number } | { atLeast: number },
): Figure {
  const ratio = ours / theirs;
  if (!goal) return { what, unit, ours, peer, theirs, ratio };
  return 'atMost' in goal
    ? { what, unit, ours, peer, theirs, ratio, goal: `≤ ${goal.atMost}`, reached: ratio <= goal.atMost }
    : { what, unit, ours, peer, theirs, ratio, goal: `≥ ${goal.atLeast}`, reached: ratio >= goal.atLeast };
}

/** A Markdown table, which reads well in a terminal too. */
export function table(figures: readonly Figure[]): string {
  const rows = [
    ['what', 'ours', 'peer or limit', 'theirs', 'ratio', 'goal', ''],
    ...figures.map((figure) => [
      figure.what,
      amount(figure.ours, figure.unit),
      figure.peer ?? '',
      figure.theirs === undefined ? '' : amount(figure.theirs, figure.unit),
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

function amount(value: number, unit: string): string {
  return `${new Intl.NumberFormat('en', { maximumSignificantDigits: value < 1000 ? 3 : 4 }).format(value)} ${unit}`;
}

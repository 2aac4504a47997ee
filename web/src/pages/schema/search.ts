import type { DriftSeverity } from '../../graphql/graphql.ts';
import { choiceParameter, textParameter } from '../../searchParams.ts';

export const severities = ['BREAKING', 'WARNING', 'INFO'] as const satisfies readonly DriftSeverity[];

/** What the address of schema health holds. */
export type SchemaSearch = {
  q?: string;
  severity?: DriftSeverity;
  /** the difference that is unfolded */
  open?: string;
};

/** The parameters that are understood; anything else is left out. */
export function schemaSearch(search: Record<string, unknown>): SchemaSearch {
  return { q: textParameter(search['q']), severity: choiceParameter(search['severity'], severities), open: textParameter(search['open']) };
}

import { parse } from 'csv-parse/sync';

/** The fields of each record; null unless exactly one record came of each text. */
export function parseFields(texts: readonly string[], delimiter: string): string[][] | null {
  try {
    const records = parse(texts.join('\n'), { delimiter, relax_column_count: true, relax_quotes: true, record_delimiter: '\n' });
    return records.length === texts.length ? records : null;
  } catch {
    return null;
  }
}

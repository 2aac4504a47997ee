import { toGlobalId } from '../../domain/globalId.ts';
import { defused } from '../../domain/spreadsheetCell.ts';
import { type ExportColumn, exportColumns, type ExportFormat, type ExportRow } from './columns.ts';

/** How a file is written: what comes first, and each row; both with their line breaks. */
export interface Writer {
  head: string;
  row(row: ExportRow): string;
}

const lineEnd = '\r\n';

export const writers: Readonly<Record<ExportFormat, Writer>> = {
  csv: {
    head: exportColumns.join(',') + lineEnd,
    row: (row) => exportColumns.map((column) => csvCell(valueOf(row, column))).join(',') + lineEnd,
  },
  ndjson: {
    head: '',
    row: (row) => `${JSON.stringify(Object.fromEntries(exportColumns.map((column) => [column, valueOf(row, column)])))}\n`,
  },
};

function valueOf(row: ExportRow, column: ExportColumn): unknown {
  return column === 'id' ? toGlobalId('Prospect', row.id as string) : row[column];
}

/** RFC 4180. Lists are JSON, because their items may have commas; texts are kept from being formulas. */
function csvCell(value: unknown): string {
  if (value === null) return '';
  const text = typeof value === 'string' ? defused(value) : Array.isArray(value) ? listCell(value) : String(value);
  return /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const listCell = (items: readonly unknown[]): string => (items.length === 0 ? '' : JSON.stringify(items));

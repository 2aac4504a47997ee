import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import { type Column, type Field, fieldOf, invalid, type Mapping, readHeader } from './columns.ts';
import { type Frame, Framer, maxRecordBytes } from './framing.ts';
import { type Cells, excerpt, type ImportedProspect, readRow, RowError } from './row.ts';

export type ImportFormat = 'csv' | 'ndjson';

export interface FailedRow {
  code: string;
  message: string;
  column: string | null;
  /** what stood there, at most 200 characters */
  value: string | null;
}

export interface RowResult {
  /** 1-based number among the file's records */
  ordinal: number;
  /** 1-based line on which the record begins */
  line: number;
  row: ImportedProspect | FailedRow;
}

export interface ReadOptions {
  format: ImportFormat;
  mapping: Mapping;
  /** told how many bytes have been read */
  onBytes?: (count: number) => void;
}

const lineFeed = 0x0a;

export function failed(row: ImportedProspect | FailedRow): row is FailedRow {
  return 'code' in row;
}

/**
 * The rows of a file, read as they come, a few at a time, in its order.
 * @throws {UserErrors} INVALID before the first row: not UTF-8 as a whole, or columns are missing
 */
export async function* readRecords(source: AsyncIterable<Buffer>, { format, mapping, onBytes }: ReadOptions): AsyncGenerator<RowResult[]> {
  let head: Buffer | null = Buffer.alloc(0);
  let reader: Reader | null = null;
  let ordinal = 0;
  const number = (rows: Omit<RowResult, 'ordinal'>[]) => rows.map((row) => ({ ordinal: (ordinal += 1), ...row }));
  for await (const chunk of source) {
    onBytes?.(chunk.length);
    if (reader) {
      yield number(reader.read(reader.framer.push(chunk)));
      continue;
    }
    head = Buffer.concat([head as Buffer, chunk]);
    if (head.indexOf(lineFeed) < 0 && head.length < maxRecordBytes) continue;
    reader = open(head, format, mapping);
    yield number(reader.read(reader.framer.push(reader.rest)));
    head = null;
  }
  reader ??= open(head as Buffer, format, mapping);
  if (head) yield number(reader.read(reader.framer.push(reader.rest)));
  yield number(reader.read(reader.framer.end()));
}

interface Reader {
  framer: Framer;
  /** what comes after the header */
  rest: Buffer;
  read(frames: Frame[]): Omit<RowResult, 'ordinal'>[];
}

function open(start: Buffer, format: ImportFormat, mapping: Mapping): Reader {
  if (start.length === 0) throw invalid('The file is empty.');
  if ((start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff)) {
    throw invalid('The file is UTF-16; save it as UTF-8.');
  }
  const text = start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf ? start.subarray(3) : start;
  return format === 'ndjson' ? openNdjson(text, mapping) : openCsv(text, mapping);
}

function openNdjson(rest: Buffer, mapping: Mapping): Reader {
  return {
    framer: new Framer({ delimiter: null }),
    rest,
    read: (frames) => frames.map((frame) => ({ line: frame.line, row: attempt(frame, () => jsonCells(decode(frame), mapping)) })),
  };
}

function jsonCells(text: string, mapping: Mapping): Cells {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RowError('INVALID_JSON', 'The line is not JSON.', null, text);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new RowError('INVALID_JSON', 'The line is not a JSON object.', null, text);
  }
  const entries = new Map<Field, [column: string, value: unknown]>();
  for (const entry of Object.entries(value)) {
    const field = fieldOf(entry[0], mapping);
    if (field) entries.set(field, entry);
  }
  return { value: (field) => entries.get(field)?.[1], column: (field) => entries.get(field)?.[0] ?? field };
}

function openCsv(text: Buffer, mapping: Mapping): Reader {
  const end = text.indexOf(lineFeed) < 0 ? text.length : text.indexOf(lineFeed);
  const line = text.subarray(0, end);
  if (!isUtf8(line)) throw invalid('The header is not UTF-8; save the file as UTF-8.');
  const firstLine = line.toString('utf8').replace(/\r$/, '');
  const delimiter = sniffDelimiter(firstLine);
  const header = (parseFields([firstLine], delimiter)?.[0] ?? []).map((name) => name.trim());
  const columns = new Map(readHeader(header, mapping).map((column) => [column.field, column]));
  const isRecord = (bytes: Buffer) => isUtf8(bytes) && parseFields([bytes.toString('utf8')], delimiter)?.[0]?.length === header.length;
  return {
    framer: new Framer({ delimiter: delimiter.charCodeAt(0), isRecord }, 2),
    rest: text.subarray(end + 1),
    read: (frames) => readCsv(frames, { header, columns, delimiter }),
  };
}

interface CsvShape {
  header: string[];
  columns: Map<Field, Column>;
  delimiter: string;
}

function readCsv(frames: Frame[], shape: CsvShape): Omit<RowResult, 'ordinal'>[] {
  const good = frames.filter((frame) => !frame.problem && isUtf8(frame.bytes));
  const texts = good.map((frame) => frame.bytes.toString('utf8'));
  const together = parseFields(texts, shape.delimiter);
  const records = new Map(good.map((frame, index) => [frame, together?.[index] ?? parseFields([texts[index] as string], shape.delimiter)?.[0]]));
  return frames.map((frame) => ({ line: frame.line, row: attempt(frame, () => csvCells(frame, records.get(frame), shape)) }));
}

function csvCells(frame: Frame, record: string[] | undefined, { header, columns, delimiter }: CsvShape): Cells {
  if (frame.problem) {
    const { code, message, field } = frame.problem;
    throw new RowError(code, message, header[field] ?? null, frame.bytes.toString('utf8', 0, 1000));
  }
  if (!record) {
    const lossy = parseFields([frame.bytes.toString('utf8')], delimiter)?.[0] ?? [];
    const at = lossy.findIndex((value) => value.includes('\uFFFD'));
    throw new RowError('NOT_UTF8', 'The row is not UTF-8.', header[at] ?? null, lossy[at]);
  }
  if (record.length !== header.length) {
    const code = record.length < header.length ? 'TOO_FEW_COLUMNS' : 'TOO_MANY_COLUMNS';
    const column = header[Math.min(record.length, header.length - 1)] ?? null;
    throw new RowError(code, `The row has ${record.length} columns, the header ${header.length}.`, column, frame.bytes.toString('utf8', 0, 1000));
  }
  return {
    value: (field) => record[columns.get(field)?.index ?? -1],
    column: (field) => columns.get(field)?.name ?? field,
  };
}

function attempt(frame: Frame, cells: () => Cells): ImportedProspect | FailedRow {
  try {
    return readRow(cells());
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    const { code, message, column, value } = error;
    return { code, message, column, value };
  }
}

function decode(frame: Frame): string {
  const text = frame.bytes.toString('utf8', 0, frame.problem ? 1000 : undefined);
  if (frame.problem) throw new RowError(frame.problem.code, frame.problem.message, null, text);
  if (!isUtf8(frame.bytes)) throw new RowError('NOT_UTF8', 'The line is not UTF-8.', null, excerpt(text));
  return text;
}

/** Null unless exactly one record came of each text. */
function parseFields(texts: readonly string[], delimiter: string): string[][] | null {
  try {
    const records = parse(texts.join('\n'), { delimiter, relax_column_count: true, relax_quotes: true, record_delimiter: '\n' });
    return records.length === texts.length ? records : null;
  } catch {
    return null;
  }
}

/** Of comma, semicolon and tab the one that the header has most of, outside quotes. */
function sniffDelimiter(header: string): string {
  const bare = header.replaceAll(/"[^"]*"/g, '');
  const count = (delimiter: string) => bare.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, other) => (count(other) > count(best) ? other : best));
}

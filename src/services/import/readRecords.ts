import { isUtf8 } from 'node:buffer';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { restored } from '../../domain/spreadsheetCell.ts';
import { cellsOf } from './cells.ts';
import { invalid, type Mapping } from './columns.ts';
import { type CsvHeader, findHeader } from './csvHeader.ts';
import { type Frame, Framer, maxRecordBytes } from './framing.ts';
import { JsonReader } from './jsonCells.ts';
import { JsonFramer } from './jsonFraming.ts';
import { parseFields } from './parseFields.ts';
import { type ImportedProspect, readRow } from './row.ts';
import { type Cells, excerpt, RowError } from './RowReader.ts';

/** ndjson: one object a line, or one array of them. */
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
  /** that the record takes in the file */
  bytes: number;
  /** of the file's records up to this one, by which another file with as many is known */
  checksum: number;
  row: ImportedProspect | FailedRow;
}

export interface ReadOptions {
  format: ImportFormat;
  mapping: Mapping;
  /** told how many bytes have been read */
  onBytes?: (count: number) => void;
}

const lineFeed = 0x0a;
/** Bytes that are parsed at a stretch, some milliseconds: between two of them what the database answers has its turn. */
const stretch = 1 << 14;

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
  let checksum = 0;
  const read = ({ framer, read: rowsOf }: Reader, bytes?: Buffer) => {
    const frames = bytes ? framer.push(bytes) : framer.end();
    return rowsOf(frames).map((row, index): RowResult => {
      const record = (frames[index] as Frame).bytes;
      // With its length, so that what moves from one record to the next is seen.
      checksum = crc32(record, (checksum + record.length) >>> 0);
      return { ordinal: (ordinal += 1), bytes: record.length, checksum, ...row };
    });
  };
  for await (const chunk of inStretches(source)) {
    onBytes?.(chunk.length);
    if (reader) {
      yield read(reader, chunk);
      continue;
    }
    head = Buffer.concat([head as Buffer, chunk]);
    reader = open(head, { format, mapping, ended: head.length >= maxRecordBytes });
    if (!reader) continue;
    yield read(reader, reader.rest);
    head = null;
  }
  if (head) {
    reader = open(head, { format, mapping, ended: true }) as Reader;
    yield read(reader, reader.rest);
  }
  yield read(reader as Reader);
}

async function* inStretches(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; at += stretch) {
      yield chunk.subarray(at, at + stretch);
      await nextTurn();
    }
  }
}

type FramedRow = Pick<RowResult, 'line' | 'row'>;

interface Reader {
  framer: Pick<Framer, 'push' | 'end'>;
  /** what comes after the header */
  rest: Buffer;
  /** one for each frame */
  read(frames: Frame[]): FramedRow[];
}

interface Opening {
  format: ImportFormat;
  mapping: Mapping;
  /** the file has no more than this, or its beginning would be too long */
  ended: boolean;
}

/** Null when more of the file is needed. */
function open(start: Buffer, { format, mapping, ended }: Opening): Reader | null {
  if (start.length === 0 && ended) throw invalid('The file is empty.');
  if ((start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff)) {
    throw invalid('The file is UTF-16; save it as UTF-8.');
  }
  if (start.subarray(0, 4).includes(0)) throw invalid('The file is UTF-16 or UTF-32; save it as UTF-8.');
  if (start.toString('latin1', 0, 4) === 'PK\x03\x04') throw invalid('The file is packed (ZIP), as workbooks of Excel are: save the sheet as CSV.');
  if (!ended && start.indexOf(lineFeed) < 0) return null;
  const text = start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf ? start.subarray(3) : start;
  return format === 'ndjson' ? openNdjson(text, mapping) : openCsv(text, mapping, ended);
}

function openNdjson(rest: Buffer, mapping: Mapping): Reader {
  const json = new JsonReader(mapping);
  const isArray = /^\s*\[/.test(rest.toString('latin1', 0, 1000));
  return {
    framer: isArray ? new JsonFramer() : new Framer({ delimiter: null }),
    rest,
    read: (frames) => frames.map((frame) => ({ line: frame.line, row: attempt(frame, () => json.cells(decode(frame))) })),
  };
}

function openCsv(text: Buffer, mapping: Mapping, ended: boolean): Reader | null {
  const header = findHeader(text, mapping, ended);
  if (!header) return null;
  const { names, delimiter, line, end } = header;
  const isRecord = (bytes: Buffer) => isUtf8(bytes) && parseFields([bytes.toString('utf8')], delimiter)?.[0]?.length === names.length;
  return {
    framer: new Framer({ delimiter: delimiter.charCodeAt(0), isRecord }, line + 1),
    rest: text.subarray(end),
    read: (frames) => readCsv(frames, header),
  };
}

function readCsv(frames: Frame[], header: CsvHeader): FramedRow[] {
  const good = frames.filter((frame) => !frame.problem && isUtf8(frame.bytes));
  const texts = good.map((frame) => frame.bytes.toString('utf8'));
  const together = parseFields(texts, header.delimiter);
  const records = new Map(good.map((frame, index) => [frame, together?.[index] ?? parseFields([texts[index] as string], header.delimiter)?.[0]]));
  return frames.map((frame) => ({ line: frame.line, row: attempt(frame, () => csvCells(frame, records.get(frame), header)) }));
}

function csvCells(frame: Frame, record: string[] | undefined, { names, columns, delimiter }: CsvHeader): Cells {
  if (frame.problem) {
    const { code, message, field } = frame.problem;
    throw new RowError(code, message, names[field] ?? null, frame.bytes.toString('utf8', 0, 1000));
  }
  if (!record) {
    const lossy = parseFields([frame.bytes.toString('utf8')], delimiter)?.[0] ?? [];
    const at = lossy.findIndex((value) => value.includes('\uFFFD'));
    throw new RowError('NOT_UTF8', 'The row is not UTF-8.', names[at] ?? null, lossy[at]);
  }
  if (record.length !== names.length) {
    const code = record.length < names.length ? 'TOO_FEW_COLUMNS' : 'TOO_MANY_COLUMNS';
    const column = names[Math.min(record.length, names.length - 1)] ?? null;
    throw new RowError(code, `The row has ${record.length} columns, the header ${names.length}.`, column, frame.bytes.toString('utf8', 0, 1000));
  }
  return cellsOf(columns, (index) => restored(record[index] ?? ''));
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

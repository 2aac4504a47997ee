/** Longest record, in bytes: a longer one fails and costs no more memory than this. */
export const maxRecordBytes = 1 << 20;

const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

export interface FramingProblem {
  code: 'TOO_LONG' | 'UNTERMINATED_QUOTE' | 'INVALID_QUOTE';
  message: string;
  /** 0-based field in which it was met */
  field: number;
}

/** One record of a file as it stands there, without its line end. */
export interface Frame {
  /** 1-based line on which it begins */
  line: number;
  bytes: Buffer;
  problem?: FramingProblem;
}

enum At {
  FieldStart,
  Unquoted,
  Quoted,
  AfterQuote,
  /** in a line of a record that failed already: nothing but the line's end counts */
  Lost,
}

export interface FramingOptions {
  /** a byte between the fields of CSV; null for formats of one record a line, in which quotes mean nothing */
  delimiter: number | null;
  /** tells whether a line can be a record by itself: it decides what an endless quoted field is */
  isRecord?: (line: Buffer) => boolean;
}

/**
 * Cuts bytes into records, with line breaks in quoted fields (RFC 4180), so that each bad record fails alone: after a
 * stray, endless or oversized quoted field the next physical line is a record again. Holds `maxRecordBytes` at most.
 */
export class Framer {
  #buffer: Buffer = Buffer.alloc(0);
  /** next byte to look at */
  #at = 0;
  /** where the record begins */
  #start = 0;
  /** after the record's first line break, when that stands inside quotes */
  #secondLine = -1;
  #breaks = 0;
  #field = 0;
  #line: number;
  #state = At.FieldStart;
  /** the record has failed: what is left of it is dropped as it comes */
  #dropping = false;
  readonly #options: FramingOptions;

  constructor(options: FramingOptions, firstLine = 1) {
    this.#options = options;
    this.#line = firstLine;
  }

  push(chunk: Buffer): Frame[] {
    this.#buffer = this.#start < this.#buffer.length ? Buffer.concat([this.#buffer.subarray(this.#start), chunk]) : chunk;
    this.#at -= this.#start;
    if (this.#secondLine >= 0) this.#secondLine -= this.#start;
    this.#start = 0;
    return this.#scan();
  }

  /** The last record, which may lack its line end. */
  end(): Frame[] {
    const frames: Frame[] = [];
    while (this.#start < this.#buffer.length && !this.#dropping) {
      if (this.#state !== At.Quoted) {
        this.#emit(frames, this.#buffer.length);
        break;
      }
      this.#recover(frames, 'UNTERMINATED_QUOTE', 'The quoted field has no end.');
      frames.push(...this.#scan());
    }
    return frames;
  }

  #scan(): Frame[] {
    const frames: Frame[] = [];
    const delimiter = this.#options.delimiter;
    for (; this.#at < this.#buffer.length; this.#at += 1) {
      const byte = this.#buffer[this.#at];
      switch (this.#state) {
        case At.Lost:
          if (byte === lineFeed) this.#emit(frames, this.#at);
          break;
        case At.Quoted:
          if (byte === quote) this.#state = At.AfterQuote;
          else if (byte === lineFeed) this.#countBreak();
          break;
        case At.AfterQuote:
          if (byte === quote) this.#state = At.Quoted;
          else if (byte === lineFeed) this.#emit(frames, this.#at);
          else if (byte === delimiter) this.#nextField();
          else if (byte !== carriageReturn) this.#recover(frames, 'INVALID_QUOTE', 'A quote inside a quoted field is not doubled.');
          break;
        default:
          if (byte === lineFeed) this.#emit(frames, this.#at);
          else if (byte === delimiter) this.#nextField();
          else this.#state = byte === quote && this.#state === At.FieldStart && delimiter !== null ? At.Quoted : At.Unquoted;
      }
      if (this.#dropping) this.#start = this.#at + 1;
      else if (this.#at - this.#start >= maxRecordBytes) this.#giveUpOnLength(frames);
    }
    return frames;
  }

  #nextField(): void {
    this.#field += 1;
    this.#state = At.FieldStart;
  }

  #countBreak(): void {
    this.#breaks += 1;
    if (this.#secondLine < 0 && !this.#dropping) this.#secondLine = this.#at + 1;
  }

  #begin(start: number): void {
    this.#line += this.#breaks + 1;
    this.#start = start;
    this.#breaks = 0;
    this.#field = 0;
    this.#secondLine = -1;
    this.#state = At.FieldStart;
    this.#dropping = false;
  }

  #emit(frames: Frame[], end: number): void {
    const last = end > this.#start && this.#buffer[end - 1] === carriageReturn ? end - 1 : end;
    if (last > this.#start && !this.#dropping) frames.push({ line: this.#line, bytes: this.#buffer.subarray(this.#start, last) });
    this.#begin(end + 1);
  }

  /** Fails the record's first line, and goes on with the line after it. */
  #recover(frames: Frame[], code: FramingProblem['code'], message: string): void {
    const next = this.#secondLine;
    const end = next < 0 ? this.#at : next - 1;
    if (!this.#dropping) this.#fail(frames, end, { code, message, field: this.#field });
    if (next < 0) {
      this.#dropping = true;
      this.#state = At.Lost;
    } else {
      this.#breaks = 0;
      this.#begin(next);
      this.#at = next - 1;
    }
  }

  #giveUpOnLength(frames: Frame[]): void {
    const next = this.#secondLine;
    const end = next < 0 ? -1 : this.#buffer.indexOf(lineFeed, next);
    if (end >= 0 && this.#options.isRecord?.(this.#buffer.subarray(next, end))) {
      this.#recover(frames, 'UNTERMINATED_QUOTE', 'The quoted field has no end.');
      return;
    }
    const message = `The record is longer than ${maxRecordBytes} bytes.`;
    this.#fail(frames, this.#at, { code: 'TOO_LONG', message, field: this.#field });
    this.#dropping = true;
    this.#secondLine = -1;
    this.#start = this.#at + 1;
  }

  #fail(frames: Frame[], end: number, problem: FramingProblem): void {
    frames.push({ line: this.#line, bytes: this.#buffer.subarray(this.#start, end), problem });
  }
}

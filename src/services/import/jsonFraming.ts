import { type Frame, maxRecordBytes } from './framing.ts';

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const lineFeed = 0x0a;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/**
 * Cuts a JSON array of objects, on one line or on many, into its items, and what may follow it into lines. An item that
 * is no JSON fails alone as long as its brackets and quotes match. Holds `maxRecordBytes` at most.
 */
export class JsonFramer {
  #buffer: Buffer = Buffer.alloc(0);
  /** next byte to look at */
  #at = 0;
  /** where the item begins; -1 before it */
  #start = -1;
  #line = 1;
  #startLine = 1;
  #inArray = false;
  #depth = 0;
  #inText = false;
  #escaped = false;
  /** the item is too long: what is left of it is passed over */
  #dropping = false;

  push(chunk: Buffer): Frame[] {
    const kept = this.#start < 0 ? this.#at : this.#start;
    this.#buffer = kept < this.#buffer.length ? Buffer.concat([this.#buffer.subarray(kept), chunk]) : chunk;
    this.#at -= kept;
    if (this.#start >= 0) this.#start = 0;
    const frames: Frame[] = [];
    for (; this.#at < this.#buffer.length; this.#at += 1) this.#take(this.#buffer[this.#at] as number, frames);
    return frames;
  }

  /** An item that the file breaks off in. */
  end(): Frame[] {
    const frames: Frame[] = [];
    this.#emit(frames);
    return frames;
  }

  #take(byte: number, frames: Frame[]): void {
    if (byte === lineFeed) this.#line += 1;
    if (this.#inText) this.#takeText(byte);
    else if (this.#depth === 0 && this.#separates(byte)) this.#emit(frames);
    else if (this.#depth === 0 && byte === openBracket && !this.#inArray && this.#start < 0) this.#inArray = true;
    else {
      if (byte > 0x20 && this.#start < 0) this.#begin();
      if (byte === quote) this.#inText = true;
      else if (byte === openBrace || byte === openBracket) this.#depth += 1;
      else if ((byte === closeBrace || byte === closeBracket) && this.#depth > 0) this.#depth -= 1;
    }
    if (this.#start >= 0 && this.#at - this.#start >= maxRecordBytes) this.#giveUpOnLength(frames);
  }

  #takeText(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === backslash) this.#escaped = true;
    else if (byte === quote) this.#inText = false;
  }

  #separates(byte: number): boolean {
    if (!this.#inArray) return byte === lineFeed;
    if (byte === closeBracket) this.#inArray = false;
    return byte === comma || byte === closeBracket;
  }

  #begin(): void {
    this.#start = this.#at;
    this.#startLine = this.#line;
  }

  #emit(frames: Frame[]): void {
    if (this.#start >= 0 && !this.#dropping) frames.push({ line: this.#startLine, bytes: this.#buffer.subarray(this.#start, this.#at) });
    this.#start = -1;
    this.#dropping = false;
  }

  #giveUpOnLength(frames: Frame[]): void {
    if (!this.#dropping) {
      const message = `The record is longer than ${maxRecordBytes} bytes.`;
      frames.push({ line: this.#startLine, bytes: this.#buffer.subarray(this.#start, this.#at), problem: { code: 'TOO_LONG', message, field: 0 } });
    }
    this.#dropping = true;
    // What was looked at is not held.
    this.#start = this.#at;
  }
}

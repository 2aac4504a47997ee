import { isUtf8 } from 'node:buffer';

const declared = /<meta[^>]{1,200}?charset\s*=\s*["']?\s*([\w:.-]{1,40})/i;

/**
 * A page's text, in whatever encoding it is and whatever it says of it: what is UTF-8 is read as such; for the rest the
 * byte order mark, the header and the page itself are believed in this order, and western Europe is the last guess.
 */
export function decodeHtml(body: Buffer, contentType: string): string {
  const mark = body[0] === 0xff && body[1] === 0xfe ? 'utf-16le' : body[0] === 0xfe && body[1] === 0xff ? 'utf-16be' : null;
  const header = /charset\s*=\s*["']?\s*([\w:.-]+)/i.exec(contentType)?.[1];
  const meta = declared.exec(body.toString('latin1', 0, 4096))?.[1];
  if (!mark && isUtf8(body) && !isSevenBit(body)) return new TextDecoder().decode(body);
  for (const label of [mark, header, meta]) {
    const decoder = label && decoderOf(label);
    if (!decoder) continue;
    const text = decoder.decode(body);
    if (decoder.encoding !== 'utf-8' || !isGarbled(text)) return text;
  }
  return new TextDecoder('windows-1252').decode(body);
}

/** Whether all bytes are ASCII: then UTF-8 is but one of the encodings that it may be. */
function isSevenBit(body: Buffer): boolean {
  return body.every((byte) => byte < 0x80);
}

function decoderOf(label: string): InstanceType<typeof TextDecoder> | null {
  try {
    return new TextDecoder(label);
  } catch {
    // A name that no browser knows says nothing.
    return null;
  }
}

/** More broken characters than whole ones beyond ASCII: it is another encoding than it says. */
function isGarbled(text: string): boolean {
  const broken = text.match(/\uFFFD/g)?.length ?? 0;
  const whole = text.match(/[^\0-\u007F\uFFFD]/g)?.length ?? 0;
  return broken > whole;
}

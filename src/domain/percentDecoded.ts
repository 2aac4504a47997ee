/** A text of a URL without its percent-encoding; as it stands where a stray % is part of it. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

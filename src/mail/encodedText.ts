/** Octets of text in one encoded word, of which RFC 2047 lets 75 characters be. */
const octetsInWord = 45;
/** Characters; with longer ones a line could not be folded to 78. */
const longestWord = 60;

/**
 * A text as it stands in a header: itself where it is short words of ASCII, else in encoded words (RFC 2047), with blanks
 * to be folded at. A text that looks like an encoded word is encoded, too: a reader would show what it decodes to.
 */
export function encodedText(text: string): string {
  const isPlain = /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/.test(text) && !text.includes('=?') && !text.split(' ').some((word) => word.length > longestWord);
  return isPlain ? text : wordsOf(text).map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`).join(' ');
}

/** Pieces of so many octets at most, each of whole characters. */
function wordsOf(text: string): string[] {
  const words = [''];
  let octets = 0;
  for (const character of text) {
    const more = Buffer.byteLength(character);
    if (octets + more > octetsInWord) {
      words.push('');
      octets = 0;
    }
    words[words.length - 1] += character;
    octets += more;
  }
  return words;
}

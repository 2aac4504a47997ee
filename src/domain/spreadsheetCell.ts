/** What a spreadsheet takes for a formula, in full and small width too, also behind blanks, which some drop, what nobody sees, and quotes that were put before it. */
const formula = /^'*(?:[\t\r\n]|[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠﹦﹢﹣﹫])/u;

/** A text for a CSV that people open in a spreadsheet: a quote before it keeps it from being run as a formula. */
export function defused(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}

/** The text that `defused` was given. */
export function restored(cell: string): string {
  return cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell;
}

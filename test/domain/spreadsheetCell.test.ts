import { defused, restored } from '../../src/domain/spreadsheetCell.ts';

test.each(['=HYPERLINK("http://evil.example")', '+49 30 1', '-1+2', '@SUM(A1)', '\tx', '\r=1', '\n=1', '＝1+1', '＋1', '－1', '＠x', '﹦1', '﹢1', '﹣1', '﹫x', ' =1', '  +1', '\u00a0-1', '\u3000@x', '\ufeff=1', '\u200b=1', '\u202e=1', '\u0001=1', '\v=1', "' =1", "'=1", "''@x"])('%j is no formula any more, and comes back', (text) => {
  expect(defused(text)).toBe(`'${text}`);
  expect(restored(defused(text))).toBe(text);
});

test.each(["O'Neil", "'quoted'", 'a=b', ' a=b', '', ' ', "'", "' "])('%j stays as it is', (text) => {
  expect(defused(text)).toBe(text);
  expect(restored(text)).toBe(text);
});

const day = 86_400;

/**
 * A moment as the axis of a chart writes it: as fine as its marks are apart, with the date where a day begins or where
 * the marks are days.
 * @param at ms since the epoch
 * @param increment seconds from one mark to the next
 * @param span seconds that the whole axis is long
 */
export function axisTime(at: number, increment: number, span: number, zone: 'local' | 'UTC'): string {
  const inZone = zone === 'UTC' ? { timeZone: 'UTC' } : {};
  const time = new Intl.DateTimeFormat('en-GB', { ...inZone, timeStyle: increment < 60 ? 'medium' : 'short' }).format(at);
  const startsDay = span > day && /^00:00(:00)?$/.test(time);
  if (increment < day && !startsDay) return time;
  return new Intl.DateTimeFormat('en-GB', { ...inZone, day: 'numeric', month: 'short' }).format(at);
}

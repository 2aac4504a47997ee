/**
 * Whether it is a moment that RFC 3339 and PostgreSQL write alike: in one of the years 1 to 9999 of UTC. An offset can lead
 * out of them: 9999-12-31T23:59:59-00:01 lies in the year 10000.
 */
export function isInstant(date: Date): boolean {
  const year = date.getUTCFullYear();
  return year >= 1 && year <= 9_999;
}

/** Whether there was or will be such a day: JavaScript takes the 30th of February for the 2nd of March. @param date begins with YYYY-MM-DD */
export function isDay(date: string): boolean {
  const day = date.slice(0, 10);
  const time = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}

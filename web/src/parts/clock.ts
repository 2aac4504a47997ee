import { Store } from '../api/store.ts';

/** The present, renewed every second while somebody looks: one timer for every age on the page. */
export const clock = new Store(Date.now());

setInterval(() => {
  if (!document.hidden) clock.set(Date.now());
}, 1_000);

document.addEventListener('visibilitychange', () => {
  if (!document.hidden) clock.set(Date.now());
});

const zoneKey = 'outrider-time-zone';

/** 'local' or 'UTC': how absolute times are written. Kept in this browser. */
export const timeZone = new Store<'local' | 'UTC'>(localStorage.getItem(zoneKey) === 'UTC' ? 'UTC' : 'local');

timeZone.subscribe(() => localStorage.setItem(zoneKey, timeZone.get()));

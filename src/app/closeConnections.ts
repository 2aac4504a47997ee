import { within } from './within.ts';

/** How long a database or a broker may take to say goodbye (ms): one that says nothing any more is not waited for. */
const goodbyeMs = 2_000;

/** Waits for connections that are being closed, but not for ever. */
export const closeConnections = (...closing: Promise<unknown>[]): Promise<void> => within(goodbyeMs, Promise.all(closing));

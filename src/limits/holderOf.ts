import type { Caller } from './createGate.ts';

/** Whose the places and connections are that a request takes: of each there are so many; undefined for whoever runs the server, who may have all. */
export const holderOf = ({ name, isAdminToken }: Caller): string | undefined => (isAdminToken ? undefined : name);

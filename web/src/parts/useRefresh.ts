import { useEffect, useRef } from 'react';
import { connection } from '../api/socket.ts';

/**
 * Calls `refresh` every so often while `active`: for what no subscription tells. Not while nobody looks, and not while
 * the server is away; a request that is still on its way is shared, so polls never pile up.
 */
export function useRefresh(active: boolean, everyMs: number, refresh: () => void): void {
  const latest = useRef(refresh);
  latest.current = refresh;
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => {
      if (!document.hidden && connection.get().state !== 'lost') latest.current();
    }, everyMs);
    return () => clearInterval(timer);
  }, [active, everyMs]);
}

/** The same until something has settled, and once more then: for what its last event does not bring along. */
export function useRefreshUntil(settled: boolean, everyMs: number, refresh: () => void): void {
  const latest = useRef(refresh);
  latest.current = refresh;
  useRefresh(!settled, everyMs, refresh);
  useEffect(() => {
    if (settled) latest.current();
  }, [settled]);
}

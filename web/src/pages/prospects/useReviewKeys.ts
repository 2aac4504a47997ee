import { useEffect, useRef } from 'react';

type Keys = Partial<Record<string, () => void>>;

/** Single keys as commands; none of them while somebody types, and none with Ctrl, Alt or Command. */
export function useReviewKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    function pressed(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target as HTMLElement;
      if (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) {
        if (!(target instanceof HTMLInputElement && target.type === 'checkbox')) return;
      }
      const command = latest.current[event.key.toLowerCase()];
      if (!command) return;
      event.preventDefault();
      command();
    }
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);
}

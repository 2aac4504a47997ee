import { useEffect, useRef } from 'react';

/**
 * Keeps the focus in an element when what had it goes away with other content, so that the keyboard does not start anew.
 * @param content says what is there
 * @returns for the element, which needs a tabIndex
 */
export function useKeptFocus(content: string) {
  const element = useRef<HTMLDivElement>(null);
  const had = useRef(false);
  useEffect(() => {
    const note = () => {
      had.current = element.current?.contains(document.activeElement) ?? false;
    };
    document.addEventListener('focusin', note);
    return () => document.removeEventListener('focusin', note);
  }, []);
  useEffect(() => {
    if (had.current && document.activeElement === document.body) element.current?.focus({ preventScroll: true });
  }, [content]);
  return element;
}

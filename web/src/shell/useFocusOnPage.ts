import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';

/**
 * Puts the focus on the content when another page comes, so that the keyboard starts there and its name is read.
 * @returns for the element of the content
 */
export function useFocusOnPage() {
  const content = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    // A page that has already put the focus somewhere in itself knows better.
    if (!content.current?.contains(document.activeElement)) content.current?.focus({ preventScroll: true });
  }, [pathname]);
  return content;
}

import type { ReactNode } from 'react';

/** A link out of data (`label`: its name, where several on the page say the same): only to http(s), in a window of its own that learns nothing of this one. Anything else is plain text. */
export function OutLink({ to, label, children = bare(to) }: { to: string; label?: string; children?: ReactNode }) {
  if (!isWebAddress(to)) return <span>{children}</span>;
  return (
    <a href={to} target="_blank" rel="noopener noreferrer" aria-label={label}>
      {children}
    </a>
  );
}

function isWebAddress(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:');
}

/** "https://www.example.org/" → "example.org" */
function bare(url: string): string {
  return url.replace(/^https?:\/\/(www\.)?/i, '').replace(/\/$/, '');
}

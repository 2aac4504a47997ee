import { useViewer } from '../api/useViewer.ts';
import type { Role } from '../graphql/graphql.ts';
import { words } from './format.ts';
import { Notice } from './Notice.tsx';

/** Why what others can do here is not offered; nothing where it is. */
export function NotAllowed({ role, what }: { role: Role; what: string }) {
  const { viewer, may } = useViewer();
  if (!viewer || may(role)) return null;
  return (
    <Notice tone="warn" title={`Your key may not ${what}`}>
      <p>
        You are signed in as {viewer.name} with the role {words(viewer.role)}; it takes {words(role)}. An administrator makes such a key in
        Settings, under API keys.
      </p>
    </Notice>
  );
}

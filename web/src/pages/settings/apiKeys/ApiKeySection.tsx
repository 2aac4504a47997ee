import { useViewer } from '../../../api/useViewer.ts';
import { words } from '../../../parts/format.ts';
import { NotAllowed } from '../../../parts/NotAllowed.tsx';
import { Panel } from '../../../parts/Page.tsx';
import parts from '../../../parts/parts.module.css';
import { ApiKeyPanel } from './ApiKeyPanel.tsx';
import { roles } from './roles.ts';

/** Who may use the API, and what each role may do. */
export function ApiKeySection() {
  const { may } = useViewer();
  return (
    <>
      {may('ADMIN') ? <ApiKeyPanel /> : <NotAllowed role="ADMIN" what="see or make API keys" />}
      <Panel title="What each role may do">
        <dl className={parts['facts']}>
          {roles.map(({ role, says }) => (
            <Entry key={role} name={words(role)} says={says} />
          ))}
        </dl>
      </Panel>
    </>
  );
}

function Entry({ name, says }: { name: string; says: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{says}</dd>
    </>
  );
}

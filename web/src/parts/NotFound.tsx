import { Link } from '@tanstack/react-router';
import { Page, Panel } from './Page.tsx';

export function NotFound() {
  return (
    <Page title="There is no such page">
      <Panel title="Where to go">
        <p>
          The address leads nowhere. <Link to="/">Go to the overview</Link>
        </p>
      </Panel>
    </Page>
  );
}

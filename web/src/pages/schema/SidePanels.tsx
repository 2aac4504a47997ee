import { DatabasePanel } from './DatabasePanel.tsx';
import { FeaturePanel } from './FeaturePanel.tsx';
import { MigrationPanel } from './MigrationPanel.tsx';
import { ReplicaPanel } from './ReplicaPanel.tsx';
import type { Health } from './useHealth.ts';

/** What is known of the rest: migrations, features, the database itself, its replicas. */
export function SidePanels({ health, isOld, previewMigrations }: { health: Health; isOld: boolean; previewMigrations: () => void }) {
  return (
    <>
      {health.migrations && <MigrationPanel history={health.migrations} isOld={isOld} preview={previewMigrations} />}
      <FeaturePanel features={health.features} isKnown={health.database !== null} />
      <DatabasePanel health={health} />
      <ReplicaPanel />
    </>
  );
}

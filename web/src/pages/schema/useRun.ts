import { useCallback, useEffect, useState } from 'react';
import { useClient } from 'urql';
import { applyPreview, type Asked, follow, readPreview, type Stage } from './runs.ts';

const lookEveryMs = 1_000;

/** Reads what would run, runs exactly that when told, and follows it to the new check. */
export function useRun(asked: Asked): { stage: Stage; read: () => void; apply: () => void } {
  const client = useClient();
  const [first] = useState(asked);
  const [stage, setStage] = useState<Stage>({ at: 'reading' });

  const read = useCallback(async () => {
    setStage({ at: 'reading' });
    setStage(await readPreview(client, first));
  }, [client, first]);

  async function apply() {
    if (stage.at !== 'preview') return;
    const { preview } = stage;
    setStage({ at: 'applying', preview });
    setStage(await applyPreview(client, first, preview));
  }

  useEffect(() => void read(), [read]);
  useEffect(() => {
    if (stage.at !== 'running') return;
    let left = false;
    const look = async () => {
      const next = await follow(client, stage.preview);
      if (!left) setStage(next);
    };
    const timer = setTimeout(() => void look(), lookEveryMs);
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [client, stage]);
  return { stage, read: () => void read(), apply: () => void apply() };
}

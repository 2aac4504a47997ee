import { plural, words } from '../../parts/format.ts';
import { Panel } from '../../parts/Page.tsx';
import { Tone } from '../../parts/Tone.tsx';
import { Coordinates } from './Affects.tsx';
import classes from './Schema.module.css';
import type { Health } from './useHealth.ts';

const named = 3;

/** Which features work and which wait for what. */
export function FeaturePanel({ features, isKnown }: { features: Health['features']; isKnown: boolean }) {
  const ready = features.filter((feature) => feature.ready).length;
  return (
    <Panel title="Features" aside={isKnown ? `${ready} of ${features.length} ready` : 'Without a database none works'}>
      <ul className={classes['features']}>
        {features.map((feature) => (
          <li key={feature.feature}>
            <div className={classes['head']}>
              <span>{words(feature.feature)}</span>
              <Tone tone={feature.ready ? 'good' : 'bad'}>{feature.ready ? 'Ready' : 'Not ready'}</Tone>
            </div>
            {(feature.missing.length > 0 || (!feature.ready && feature.affects.length > 0)) && <Lacks feature={feature} />}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Lacks({ feature: { feature, missing, affects } }: { feature: Health['features'][number] }) {
  const more = missing.length - named;
  return (
    <>
      {missing.length > 0 && (
        <p className={classes['lacks']}>
          lacks {missing.slice(0, named).join(', ')}
          {more > 0 && ` and ${more} more`}
        </p>
      )}
      <details className={classes['more']}>
        <summary aria-label={`What ${words(feature)} lacks, and what that affects`}>{affects.length > 0 ? `${plural(affects.length, 'operation or field', 'operations and fields')} cannot work` : 'All that it lacks'}</summary>
        {more > 0 && <p className={classes['lacks']}>lacks {missing.join(', ')}</p>}
        <Coordinates coordinates={affects} />
      </details>
    </>
  );
}

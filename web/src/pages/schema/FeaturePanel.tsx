import type { SchemaHealthQuery } from '../../graphql/graphql.ts';
import { words } from '../../parts/format.ts';
import { Panel } from '../../parts/Page.tsx';
import { Tone } from '../../parts/Tone.tsx';
import { Affects } from './Affects.tsx';
import classes from './Schema.module.css';

/** Which features work and which wait for what. */
export function FeaturePanel({ features }: { features: SchemaHealthQuery['schemaHealth']['features'] }) {
  const ready = features.filter((feature) => feature.ready).length;
  return (
    <Panel title="Features" aside={`${ready} of ${features.length} ready`}>
      <ul className={classes['features']}>
        {features.map((feature) => (
          <li key={feature.feature}>
            <div className={classes['head']}>
              <strong>{words(feature.feature)}</strong>
              <Tone tone={feature.ready ? 'good' : 'bad'}>{feature.ready ? 'Ready' : 'Not ready'}</Tone>
            </div>
            {feature.missing.length > 0 && <p className={classes['message']}>Missing: {feature.missing.join(', ')}</p>}
            {!feature.ready && <Affects coordinates={feature.affects} />}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

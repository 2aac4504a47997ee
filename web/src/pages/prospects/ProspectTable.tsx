import { useEffect, useRef } from 'react';
import type { PipelineStage, ProspectRowFragment } from '../../graphql/graphql.ts';
import { words } from '../../parts/format.ts';
import table from '../../parts/parts.module.css';
import { Time } from '../../parts/Time.tsx';
import { Tone, type ToneName } from '../../parts/Tone.tsx';
import { Scroll } from '../../parts/Scroll.tsx';
import classes from './Prospects.module.css';

const stageTone: Record<PipelineStage, ToneName> = {
  DISCOVERED: 'quiet',
  REVIEWED: 'good',
  DRAFTED: 'good',
  APPROVED: 'good',
  SENT: 'good',
  FOLLOWED_UP: 'good',
  REPLIED: 'good',
  REJECTED: 'bad',
  EXCLUDED: 'warn',
};

type Props = {
  prospects: readonly ProspectRowFragment[];
  selected: ReadonlySet<string>;
  /** the row that the keyboard stands on */
  current: number;
  toggle: (index: number, range: boolean) => void;
  toggleAll: () => void;
};

/** One page of prospects, each to be selected. */
export function ProspectTable({ prospects, selected, current, toggle, toggleAll }: Props) {
  const row = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    row.current?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <Scroll label="Table of prospects">
      <table className={`${table['table']} ${classes['prospects']}`}>
        <thead>
          <tr>
            <th scope="col">
              <input
                type="checkbox"
                aria-label="Select this page"
                checked={prospects.every(({ id }) => selected.has(id))}
                onChange={toggleAll}
              />
            </th>
            <th scope="col">Prospect</th>
            <th scope="col">Stage</th>
            <th scope="col">Platform</th>
            <th scope="col">Tags</th>
            <th scope="col">Found</th>
          </tr>
        </thead>
        <tbody>
          {prospects.map((prospect, index) => (
            <tr
              key={prospect.id}
              ref={index === current ? row : undefined}
              data-current={index === current || undefined}
              data-selected={selected.has(prospect.id) || undefined}
            >
              <td>
                <input
                  type="checkbox"
                  aria-label={`Select ${prospect.displayName}`}
                  checked={selected.has(prospect.id)}
                  onChange={(event) => toggle(index, (event.nativeEvent as MouseEvent).shiftKey)}
                />
              </td>
              <td>
                <Who prospect={prospect} />
              </td>
              <td>
                <Tone tone={stageTone[prospect.stage]}>{words(prospect.stage)}</Tone>
                {prospect.reviewReason && <div className={table['aside']}>{prospect.reviewReason}</div>}
              </td>
              <td>{words(prospect.sourcePlatform)}</td>
              <td>
                <div className={classes['tags']} title={prospect.tags.join(', ')}>
                  {prospect.tags.join(', ')}
                </div>
              </td>
              <td>
                <Time at={prospect.createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Who({ prospect }: { prospect: ProspectRowFragment }) {
  const { displayName, profileUrl, email, bioText } = prospect;
  return (
    <>
      <strong>{displayName}</strong>
      <div className={classes['contact']}>
        {profileUrl && (
          <a href={profileUrl} rel="noreferrer noopener" target="_blank">
            {profileUrl.replace(/^https?:\/\/(www\.)?/, '').replace(/\/$/, '')}
          </a>
        )}
        {email && <span>{email}</span>}
      </div>
      {bioText && <div className={classes['bio']}>{bioText}</div>}
    </>
  );
}

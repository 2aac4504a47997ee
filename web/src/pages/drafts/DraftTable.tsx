import { IconMail, IconMessage } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { DraftRowFragment } from '../../graphql/graphql.ts';
import { plural, words } from '../../parts/format.ts';
import table from '../../parts/parts.module.css';
import { Scroll } from '../../parts/Scroll.tsx';
import { Time } from '../../parts/Time.tsx';
import { Tone } from '../../parts/Tone.tsx';
import classes from './DraftTable.module.css';
import { DraftTone } from './DraftTone.tsx';
import { nameOf } from './readDraft.ts';

const snippetLength = 200;

type Props = {
  drafts: readonly DraftRowFragment[];
  chosen: ReadonlyMap<string, unknown>;
  /** the draft beside the list */
  open: string | undefined;
  /** the state of each, where the list holds several */
  withStatus: boolean;
  all: boolean;
  toggle: (id: string, range: boolean) => void;
  toggleAll: () => void;
  openDraft: (id: string) => void;
  selectable: boolean;
};

/** One page of drafts: whom each is for, how it begins, what the lint found; useRowKeys finds its rows. */
export function DraftTable({ drafts, chosen, open, withStatus, all, toggle, toggleAll, openDraft, selectable }: Props) {
  return (
    <Scroll label="Table of drafts">
      <table className={`${table['table']} ${classes['drafts']}`}>
        <thead>
          <tr>
            {selectable && (
              <th scope="col">
                <input type="checkbox" aria-label="Select this page" checked={all} onChange={toggleAll} />
              </th>
            )}
            <th scope="col">Draft</th>
            {withStatus && <th scope="col">Status</th>}
            <th scope="col" data-number>
              Changed
            </th>
          </tr>
        </thead>
        <tbody>
          {drafts.map((draft) => {
            const { id, status, updatedAt } = draft;
            const name = nameOf(draft);
            return (
              <tr
                key={id}
                data-row-of={id}
                data-open={id === open || undefined}
                data-selected={chosen.has(id) || undefined}
                onClick={({ target, defaultPrevented }) => {
                  if (!defaultPrevented && !(target as Element).closest('a, input, time') && getSelection()?.isCollapsed) openDraft(id);
                }}
              >
                {selectable && (
                  <td>
                    <input
                      type="checkbox"
                      aria-label={`Select the draft for ${name}`}
                      checked={chosen.has(id)}
                      onChange={(event) => toggle(id, (event.nativeEvent as MouseEvent).shiftKey)}
                    />
                  </td>
                )}
                <td>
                  <div className={classes['head']}>
                    <Link
                      from="/drafts"
                      to="/drafts"
                      search={(old) => ({ ...old, open: id })}
                      resetScroll={false}
                      className={classes['name']}
                      data-row={id}
                      aria-label={`${name}: ${draft.subject ?? words(draft.channel)}${draft.isFollowUp ? ', follow-up' : ''}`}
                      aria-current={id === open ? 'true' : undefined}
                      preload={false}
                    >
                      <bdi>{name}</bdi>
                    </Link>
                    <Marks draft={draft} />
                  </div>
                  <Beginning draft={draft} />
                </td>
                {withStatus && (
                  <td>
                    <DraftTone status={status} />
                  </td>
                )}
                <td data-number className={table['aside']}>
                  <Time at={updatedAt} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}

function Marks({ draft: { channel, socialProfile, isFollowUp, problems } }: { draft: DraftRowFragment }) {
  const way = channel === 'EMAIL' ? 'E-mail' : words(socialProfile?.platform ?? channel);
  const Icon = channel === 'EMAIL' ? IconMail : IconMessage;
  return (
    <span className={classes['marks']}>
      <span>
        <Icon size={14} aria-hidden /> {way}
      </span>
      {isFollowUp && <span>Follow-up</span>}
      {problems.length > 0 && <Tone tone="bad">{plural(problems.length, 'problem')}</Tone>}
    </span>
  );
}

function Beginning({ draft: { subject, body } }: { draft: DraftRowFragment }) {
  const snippet = body.slice(0, snippetLength).replace(/\s+/g, ' ').trim();
  return (
    <div className={classes['beginning']} dir="auto">
      {subject !== null && <span className={classes['subject']}>{subject} </span>}
      {snippet}
    </div>
  );
}

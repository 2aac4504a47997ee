import { memo, useEffect, useRef } from 'react';
import type { ProspectRowFragment } from '../../../graphql/graphql.ts';
import { count, words } from '../../../parts/format.ts';
import { OutLink } from '../../../parts/OutLink.tsx';
import { Time } from '../../../parts/Time.tsx';
import { StageTone } from '../StageTone.tsx';
import classes from './Table.module.css';

export type RowProps = {
  prospect: ProspectRowFragment;
  /** 1-based place among all rows of the page */
  place: number;
  /** null where nothing may be selected */
  isSelected: boolean | null;
  isOpen: boolean;
  /** leads to what is known of a prospect, its id at the end */
  address: string;
  isCurrent: boolean;
  /** whenever it is another number than before, this row wants the focus; 0 for never */
  focus: number;
  /** whether nobody has answered that wish yet; from now on somebody has */
  claim: (focus: number) => boolean;
  /** why the last decision did not take it */
  refusal: string | undefined;
  toggle: (id: string, range: boolean) => void;
  open: (id: string) => void;
  /** called when somebody comes to it */
  stand: (id: string) => void;
  /** whether it is one of many that do not all stand in the page */
  isPartial?: boolean;
};

/** One prospect of the list. Its name leads to all that is known of it; so does a click anywhere that is nothing else. */
export const ProspectRow = memo(function ProspectRow(props: RowProps) {
  const { prospect, place, isSelected, isOpen, address, isCurrent, focus, claim, refusal, toggle, open, stand, isPartial = false } = props;
  const { id, displayName } = prospect;
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (!claim(focus)) return;
    link.current?.focus({ preventScroll: true });
    link.current?.closest('tr')?.scrollIntoView({ block: 'nearest' });
  }, [focus, claim]);
  return (
    <tr
      aria-rowindex={isPartial ? place + 1 : undefined}
      data-selected={isSelected || undefined}
      data-open={isOpen || undefined}
      data-current={isCurrent || undefined}
    >
      {isSelected !== null && (
        <td className={classes['check']}>
          <input
            type="checkbox"
            aria-label={`Select ${displayName}`}
            checked={isSelected}
            onFocus={() => stand(id)}
            onChange={(event) => toggle(id, (event.nativeEvent as MouseEvent).shiftKey)}
          />
        </td>
      )}
      <td className={classes['who']}>
        {/* The router's own link costs a long list half of its frames. */}
        <a
          ref={link}
          href={`${address}${encodeURIComponent(id)}`}
          className={classes['name']}
          aria-current={isOpen ? 'true' : undefined}
          onFocus={() => stand(id)}
          onClick={(event) => {
            const isRange = event.shiftKey && isSelected !== null;
            if (event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && !isRange)) return;
            event.preventDefault();
            if (isRange) toggle(id, true);
            else open(id);
          }}
        >
          <bdi>{displayName}</bdi>
        </a>
        <Contact prospect={prospect} />
        {refusal ? <p className={classes['refusal']} title={refusal}>{refusal}</p> : prospect.bioText && <p className={classes['bio']} dir="auto">{prospect.bioText}</p>}
      </td>
      <td className={classes['stage']}>
        <StageTone stage={prospect.stage} />
        {prospect.reviewReason && <div className={classes['reason']} title={prospect.reviewReason}>{prospect.reviewReason}</div>}
      </td>
      <td className={classes['platform']}>{words(prospect.sourcePlatform)}</td>
      <td className={classes['followers']}>{count(prospect.followerCount)}</td>
      <td className={classes['tags']}>
        <span title={prospect.tags.join(', ')}>{prospect.tags.join(', ')}</span>
      </td>
      <td className={classes['found']}>
        <Time at={prospect.createdAt} plain />
      </td>
    </tr>
  );
});

function Contact({ prospect: { profileUrl, email, username } }: Pick<RowProps, 'prospect'>) {
  return (
    <div className={classes['contact']}>
      {profileUrl ? <OutLink to={profileUrl} /> : username && <span>{username}</span>}
      {email && <span>{email}</span>}
    </div>
  );
}

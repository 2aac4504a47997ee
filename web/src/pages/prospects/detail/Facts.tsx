import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ProspectFactsFragment } from '../../../graphql/graphql.ts';
import { count, words } from '../../../parts/format.ts';
import { OutLink } from '../../../parts/OutLink.tsx';
import parts from '../../../parts/parts.module.css';
import { Time } from '../../../parts/Time.tsx';
import classes from './Detail.module.css';

/** What the prospect says about itself, and what is known about it; what is not known is left out. */
export function Facts({ prospect }: { prospect: ProspectFactsFragment }) {
  const { bioText, profileUrl, username, email, externalLinks, followerCount, engagementRate, tags } = prospect;
  return (
    <>
      {bioText && <p className={classes['bio']} dir="auto">{bioText}</p>}
      <dl className={parts['facts']}>
        <Fact name="Decision">
          {words(prospect.reviewStatus)}
          {prospect.reviewReason && <>: <bdi>{prospect.reviewReason}</bdi></>}
        </Fact>
        <Fact name="Draft">{words(prospect.draftStatus)}</Fact>
        <Fact name="E-mail">{email}</Fact>
        <Fact name="Page">{profileUrl && <OutLink to={profileUrl} />}</Fact>
        <Fact name="Handle">{username && <bdi>{username}</bdi>}</Fact>
        <Fact name="Platform">{`${words(prospect.sourcePlatform)} · ${words(prospect.sourceType).toLowerCase()} pipeline`}</Fact>
        <Fact name="Followers">{followerCount !== null && count(followerCount)}</Fact>
        <Fact name="Engagement">{engagementRate !== null && `${engagementRate} %`}</Fact>
        <Fact name="Found"><Time at={prospect.createdAt} /></Fact>
        <Fact name="Read">{prospect.scrapedAt && <Time at={prospect.scrapedAt} />}</Fact>
        <Fact name="Changed"><Time at={prospect.updatedAt} /></Fact>
        <Fact name="Links">{externalLinks.length > 0 && <ul className={classes['links']}>{externalLinks.map((url) => <li key={url}><OutLink to={url} /></li>)}</ul>}</Fact>
        <Fact name="Tags">{tags.length > 0 && <Tags tags={tags} />}</Fact>
      </dl>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (!children) return null;
  return (
    <div className={classes['fact']}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Each leads to all prospects that have it. */
function Tags({ tags }: { tags: readonly string[] }) {
  return (
    <ul className={classes['tags']}>
      {tags.map((tag) => (
        <li key={tag}>
          <Link from="/prospects" to="/prospects" search={({ open }) => ({ tag: [tag], open })} resetScroll={false} activeProps={{}}>
            <bdi>{tag}</bdi>
          </Link>
        </li>
      ))}
    </ul>
  );
}

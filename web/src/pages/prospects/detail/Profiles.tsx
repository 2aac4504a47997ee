import { useAnswer } from '../../../api/useAnswer.ts';
import { ProspectProfilesDocument } from '../../../graphql/graphql.ts';
import { Answered } from '../../../parts/Answered.tsx';
import { plural, words } from '../../../parts/format.ts';
import { OutLink } from '../../../parts/OutLink.tsx';
import classes from './Detail.module.css';
import { None, Section } from './Section.tsx';

/** The handles of a prospect. */
export function Profiles({ id }: { id: string }) {
  const profiles = useAnswer(ProspectProfilesDocument, { id }, (data) => data.prospect?.socialProfiles);
  return (
    <Section title="Social profiles">
      <Answered of={profiles} what="the social profiles" rows={1}>
        {(all) =>
          all.length === 0 ? (
            <None>None is known.</None>
          ) : (
            <ul className={classes['entries']}>
              {all.map((profile) => (
                <li key={profile.id}>
                  <span className={classes['entryHead']}>
                    <OutLink to={profile.profileUrl}><bdi>{profile.displayName ?? profile.username}</bdi></OutLink>
                    <span className={classes['quiet']}>
                      {words(profile.platform)} · <bdi>@{profile.username}</bdi>
                      {profile.followerCount !== null && ` · ${plural(profile.followerCount, 'follower')}`}
                      {profile.engagementRate !== null && ` · ${profile.engagementRate} % engagement`}
                    </span>
                  </span>
                  {profile.bioText && <p className={classes['text']} dir="auto">{profile.bioText}</p>}
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </Section>
  );
}

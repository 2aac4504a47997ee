import type { Activity } from '../entities/Activity.ts';
import { expression, properties, type ReadModel } from './readModel.ts';

const table = 'activities';

export const activities: ReadModel<'CREATED_AT'> = {
  type: 'Activity',
  sources: [
    {
      table,
      from: 'activities t',
      key: 't.id',
      fields: {
        ...properties<Activity>(table, 'actor', 'action', 'details', 'subjectType'),
        at: expression(table, 't.created_at', 'created_at'),
        from: expression(table, 'upper(t.from_state)', 'from_state'),
        to: expression(table, 'upper(t.to_state)', 'to_state'),
        subject: expression(table, `t.subject_type || ':' || t.subject_id`, 'subject_id', 'subject_type'),
      },
    },
  ],
  orders: { CREATED_AT: { sql: 't.created_at', type: 'timestamptz', columns: ['created_at'] } },
};

/**
 * What was done to the prospect `parent`, its profiles, drafts and messages. OFFSET 0 keeps the planner from walking the
 * whole table by time until it has met enough of them.
 */
const ofProspect = `(
  select activity.* from (
    select 'Prospect' as type, parent.id
    union all select 'SocialProfile', p.id from social_profiles p where p.prospect_id = parent.id
    union all select 'Draft', d.id from email_drafts d where d.prospect_id = parent.id
    union all select 'Message', m.id from email_messages m where m.prospect_id = parent.id
    union all select 'Draft', d.id from social_profiles p join social_drafts d on d.social_profile_id = p.id where p.prospect_id = parent.id
    union all select 'Message', m.id from social_profiles p join social_messages m on m.social_profile_id = p.id where p.prospect_id = parent.id
  ) subject join activities activity on activity.subject_type = subject.type and activity.subject_id = subject.id
  offset 0
) t`;

/** The same, below prospects. */
export const activitiesOfProspect: ReadModel<'CREATED_AT'> = { ...activities, sources: [{ ...activities.sources[0]!, from: ofProspect }] };

import { type Kysely, sql } from 'kysely';
import { NIL } from 'uuid';
import { Channel } from '../../domain/enums.ts';
import { type UserError, UserErrorCode, UserErrors } from '../../domain/errors.ts';
import type { ServiceContext } from '../context.ts';
import { recordActivity } from '../recordActivity.ts';
import { templateErrors } from '../templates/checkTemplate.ts';
import { readSettings, type Settings } from './readSettings.ts';
import { inputName, type SettingKey, settingSchemas } from './settings.ts';

export interface UpdateSettings {
  /** as they were read, null included; another change since then answers STALE. Absent: whatever they are */
  updatedAt?: Date | null;
  /** of each setting only the fields that change; null brings a field's default back */
  changes: { readonly [Key in SettingKey]?: { readonly [field: string]: unknown } };
}

/**
 * Changes the fields that are given and no other.
 * @throws {UserErrors} INVALID, one for each field that cannot be used; STALE
 */
export async function updateSettings({ em, actor }: ServiceContext, { updatedAt, changes }: UpdateSettings): Promise<Settings> {
  const errors = (Object.keys(changes) as SettingKey[]).flatMap((key) => errorsOf(key, changes[key]!));
  if (errors.length > 0) throw new UserErrors(...errors);
  return em.transactional(async (tx) => {
    const db = tx.getKysely() as Kysely<any>;
    // A row that is not there yet cannot be locked: one writer at a time, readers go on.
    await sql`lock table settings in share row exclusive mode`.execute(db);
    const before = await readSettings(db);
    if (updatedAt !== undefined && before.updatedAt?.getTime() !== updatedAt?.getTime()) {
      throw new UserErrors({
        code: UserErrorCode.STALE,
        message: 'The settings have changed since they were read: look at them again, then change them.',
        field: ['input', 'updatedAt'],
      });
    }
    const keys = (Object.keys(changes) as SettingKey[]).filter((key) => Object.keys(changes[key]!).length > 0);
    for (const key of keys) await store(db, key, changes[key]!, actor.name);
    if (keys.length > 0) {
      await recordActivity(db, { actor: actor.name, action: 'settings.updated', subjectType: 'Settings', subjectId: NIL, details: { keys } });
    }
    return keys.length > 0 ? readSettings(db) : before;
  });
}

function errorsOf(key: SettingKey, change: { readonly [field: string]: unknown }): UserError[] {
  const at = ['input', inputName(key)];
  const errors = Object.entries(change).flatMap(([field, value]): UserError[] => {
    if (value === null) return [];
    const parsed = settingSchemas[key].shape[field as never] as { safeParse(value: unknown): { success: boolean; error?: { issues: Issue[] } } } | undefined;
    if (!parsed) throw new Error(`There is no setting ${key}.${field}.`);
    return (parsed.safeParse(value).error?.issues ?? []).map(({ path, message }) => {
      const place = [field, ...path.map(String)];
      return { code: UserErrorCode.INVALID, message: `${place.join('.')} cannot be used: ${message}.`, field: [...at, ...place] };
    });
  });
  if (errors.length > 0 || !/^(draft|followUp)\./.test(key)) return errors;
  return templateErrors(key.endsWith('.email') ? Channel.EMAIL : Channel.SOCIAL, change, at);
}

interface Issue {
  path: PropertyKey[];
  message: string;
}

async function store(db: Kysely<any>, key: SettingKey, change: { readonly [field: string]: unknown }, actor: string): Promise<void> {
  const removed = Object.keys(change).filter((field) => change[field] === null);
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== null));
  // What is no object never held: it is written anew. The time rises strictly, so that it tells one change from the next.
  await sql`
    insert into settings (key, value, updated_at, updated_by)
    values (${key}, ${JSON.stringify(given)}::jsonb, ${risingNow}, ${actor})
    on conflict (key) do update set
      value = (case jsonb_typeof(settings.value) when 'object' then settings.value else '{}' end - ${removed}::text[]) || excluded.value,
      updated_at = excluded.updated_at, updated_by = excluded.updated_by`.execute(db);
}

const risingNow = sql`greatest(clock_timestamp()::timestamptz(3), (select max(updated_at) from settings) + interval '1 millisecond')`;

import { useAnswer } from '../../api/useAnswer.ts';
import { SettingsDocument, type SettingsFieldsFragment } from '../../graphql/graphql.ts';
import { useRefresh } from '../../parts/useRefresh.ts';

export type Settings = SettingsFieldsFragment;

const everyMs = 10_000;

/** The settings as they hold now, looked at again every few seconds: others may change them. */
export function useSettings() {
  const answer = useAnswer(SettingsDocument, {}, (data) => data.settings);
  useRefresh(true, everyMs, answer.again);
  return answer;
}

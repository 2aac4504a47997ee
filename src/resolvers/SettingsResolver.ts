import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { Settings } from '../schema/Settings.ts';
import { SettingsPayload, UpdateSettingsInput } from '../schema/settingsInputs.ts';
import { readSettings, type Settings as Values } from '../services/settings/readSettings.ts';
import { inputName, type SettingKey, settingSchemas } from '../services/settings/settings.ts';
import { updateSettings } from '../services/settings/updateSettings.ts';
import type { Context } from './context.ts';
import { withUserErrors } from './userErrors.ts';

@Resolver()
export class SettingsResolver {
  @Query(() => Settings, { nullable: true, description: 'How the pipeline works.' })
  async settings(@Ctx() { db }: Context): Promise<Settings> {
    return toSettings(await readSettings(db));
  }

  @Mutation(() => SettingsPayload, { description: 'Changes settings; those that are not named stay.' })
  async updateSettings(
    @Ctx() context: Context,
    @Arg('input', () => UpdateSettingsInput, { description: 'What changes.' }) input: UpdateSettingsInput,
  ): Promise<SettingsPayload> {
    const changes = Object.fromEntries(
      (Object.keys(settingSchemas) as SettingKey[]).map((key) => [key, { ...input[inputName(key) as keyof UpdateSettingsInput] as object | null | undefined }]),
    );
    const { result, userErrors } = await withUserErrors(() => updateSettings(context.services(), { updatedAt: input.updatedAt, changes }));
    return { settings: result && toSettings(result), userErrors: [...userErrors] };
  }
}

function toSettings({ sending, draft, followUpDraft, problems, ...rest }: Values): Settings {
  return {
    ...rest, sendingEmail: sending.email, sendingSocial: sending.social, draftEmail: draft.email, draftSocial: draft.social,
    followUpEmail: followUpDraft.email, followUpSocial: followUpDraft.social, problems: [...problems],
  };
}

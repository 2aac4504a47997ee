import type { Outreach } from '../../config/outreach.ts';
import { UserErrorCode, UserErrors } from '../../domain/errors.ts';

/** What sending e-mail needs of the configuration. */
export type MailConfiguration = Outreach & { smtpUrl: string; mailFrom: string; publicUrl: string };

/** The variables that are missing to send e-mail. */
export function missingForMail({ smtpUrl, mailFrom, publicUrl, secretKeys }: Outreach): string[] {
  const needed = { SMTP_URL: smtpUrl, MAIL_FROM: mailFrom, PUBLIC_URL: publicUrl, SECRET_KEY: secretKeys[0] };
  return Object.entries(needed).flatMap(([name, value]) => (value === undefined ? [name] : []));
}

/** @throws {UserErrors} NOT_CONFIGURED naming every variable that is missing */
export function requireConfigured(outreach: Outreach): MailConfiguration {
  const missing = missingForMail(outreach);
  if (missing.length > 0) {
    throw new UserErrors({
      code: UserErrorCode.NOT_CONFIGURED,
      message: `E-mail cannot be sent yet: set ${inWords(missing)} in the environment of the server and the workers.`,
      field: ['input', 'channel'],
    });
  }
  return outreach as MailConfiguration;
}

function inWords(names: readonly string[]): string {
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : names.join();
}

import { join } from 'node:path';
import { Command } from 'commander';
import { readEnvironment, type Environment } from '../../config/environment.ts';
import { createLogger } from '../../config/logger.ts';
import { openAll } from '../openAll.ts';
import { untilSignal } from '../untilSignal.ts';
import { readSource } from './readSource.ts';
import { openRecipients, type Recipients } from './recipients.ts';
import { runPipeline } from './runPipeline.ts';

export function demoCommand(): Command {
  return new Command('demo')
    .description('The whole pipeline on real input, to recipients of its own: nothing leaves the machine. Then it serves until Ctrl+C.')
    .argument('[file]', 'prospects of your own, CSV; the sample when absent')
    .action(async (file?: string) => {
      const source = readSource(file);
      const given = readEnvironment();
      // The terminal belongs to the demo's own lines; ask for debug to see the log too.
      const log = createLogger(given.logLevel === 'info' ? 'warn' : given.logLevel, { secrets: given.secrets });
      if (given.databaseUrl) say('DATABASE_URL is set, and not used: the demo writes to everybody it finds, so it has a database of its own.');
      say('Starting PostgreSQL, the server and a worker …');
      const recipients = await openRecipients();
      try {
        const everything = await openAll(environmentOf(given, recipients), log, say);
        // Links in the mails lead to the port that was really taken.
        everything.outreach.publicUrl ??= everything.server.url.replace(/\/$/, '');
        const stop = async () => {
          await everything.stop();
          await recipients.close();
        };
        try {
          await runPipeline(everything, { source, recipients, log, say });
        } catch (error) {
          await stop();
          throw error;
        }
        const stopped = untilSignal(async () => {
          say('\nStopping …');
          await stop();
        });
        say(`\nOutrider is ready at ${everything.server.url}`);
        say(`Open ${everything.server.loginUrl ?? everything.server.url}`);
        say('Ctrl+C stops it.');
        await stopped;
      } finally {
        await recipients.close();
      }
    });
}

/** Whatever is configured for real outreach is not used here. */
function environmentOf(given: Environment, recipients: Recipients): Environment {
  return {
    ...given,
    databaseUrl: undefined,
    databaseOwnerUrl: undefined,
    eventsUrl: undefined,
    dataDir: join(given.dataDir, 'demo'),
    outreach: {
      ...given.outreach,
      secretKeys: [],
      publicUrl: undefined,
      mailFrom: 'Outrider demo <demo@outrider.test>',
      smtpUrl: recipients.smtpUrl,
      dkim: undefined,
      // Nobody out there is asked for the sender's records.
      dnsServers: ['127.0.0.1:9'],
      imapUrl: undefined,
      socialWebhook: recipients.socialWebhook,
      languageModel: undefined,
    },
  };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

import type { TransferLimits } from '../config/limits.ts';
import { Admission } from './Admission.ts';

const told: Readonly<Record<keyof TransferLimits, [what: string, variable: string]>> = {
  imports: ['files are imported', 'LIMIT_IMPORTS'],
  exports: ['exports run', 'LIMIT_EXPORTS'],
  inbound: ['mails come in', 'LIMIT_INBOUND'],
};

/** These last: whoever finds no place tries again when one of them may have ended (seconds). */
const comeBackSeconds = 10;

/** Places for what comes and goes as files and mails, of each kind its own: those who import keep nobody from exporting. */
export function admitTransfers(limits: TransferLimits): Readonly<Record<keyof TransferLimits, Admission>> {
  const placesFor = (kind: keyof TransferLimits) => {
    const [what, variable] = told[kind];
    return new Admission(limits[kind], { message: `As many ${what} as may at once (${variable}): try again in ${comeBackSeconds} s.`, comeBackSeconds });
  };
  return { imports: placesFor('imports'), exports: placesFor('exports'), inbound: placesFor('inbound') };
}

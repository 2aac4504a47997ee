import { useId } from 'react';
import { useStore } from '../../../api/store.ts';
import { clock } from '../../../parts/clock.ts';
import { CheckField } from '../../../parts/Field.tsx';
import { FormText } from '../../../parts/form/fields.tsx';
import { Meanwhile } from '../../../parts/form/Meanwhile.tsx';
import type { FormState } from '../../../parts/form/useForm.ts';
import classes from './Sending.module.css';

const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const zones = Intl.supportedValuesOf('timeZone');

type Props = { form: FormState; name: string; channel: string };

/** Whether messages leave only in some hours of the week, and in which. */
export function WindowFields({ form, name, channel }: Props) {
  const on = form.text(name) === 'on';
  const chosen = form.text(`${name}.days`).split(' ').filter(Boolean);
  const problem = form.problem(`${name}.days`);
  const problemId = useId();

  function turn(next: boolean) {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    const first = { [`${name}.days`]: '1 2 3 4 5', [`${name}.from`]: '09:00', [`${name}.to`]: '17:00', [`${name}.timeZone`]: timeZone };
    if (next && chosen.length === 0) form.set({ [name]: 'on', ...first });
    else form.set({ [name]: next ? 'on' : '' });
  }

  function choose(day: string, next: boolean) {
    form.set({ [`${name}.days`]: [...chosen.filter((one) => one !== day), ...(next ? [day] : [])].toSorted().join(' ') });
  }

  return (
    <div className={classes['window']}>
      <CheckField label="Only in a window of the week" checked={on} disabled={form.locked} onChange={(event) => turn(event.currentTarget.checked)} />
      <Meanwhile form={form} name={name} label={`the window of ${channel}`} />
      {!on && <p className={classes['hint']}>Messages leave at any time.</p>}
      {on && (
        <>
          <fieldset className={classes['days']}>
            <legend>Days</legend>
            {days.map((day, index) => (
              <CheckField
                key={day}
                label={day.slice(0, 3)}
                aria-label={day}
                aria-invalid={index === 0 && problem ? true : undefined}
                aria-describedby={index === 0 && problem ? problemId : undefined}
                checked={chosen.includes(String(index + 1))}
                disabled={form.locked}
                onChange={(event) => choose(String(index + 1), event.currentTarget.checked)}
              />
            ))}
            {problem && (
              <span id={problemId} className={classes['problem']}>
                {problem}
              </span>
            )}
          </fieldset>
          <Meanwhile form={form} name={`${name}.days`} label={`the days of ${channel}`} />
          <div className={classes['times']}>
            <FormText form={form} name={`${name}.from`} label="From" hint="Such as 09:00." />
            <FormText form={form} name={`${name}.to`} label="To" hint="Later that day, 24:00 at most." />
          </div>
          <FormText form={form} name={`${name}.timeZone`} label="Time zone" hint={<ThereNow zone={form.text(`${name}.timeZone`)} />} list={`${name}.zones`} />
          <datalist id={`${name}.zones`}>
            {zones.map((zone) => (
              <option key={zone} value={zone}>
                {zone}
              </option>
            ))}
          </datalist>
        </>
      )}
    </div>
  );
}

function ThereNow({ zone }: { zone: string }) {
  const now = useStore(clock);
  if (!zones.includes(zone) && zone !== 'UTC') return <>Of the IANA, such as Europe/Berlin.</>;
  return <>There it is {new Intl.DateTimeFormat('en-GB', { weekday: 'long', hour: '2-digit', minute: '2-digit', timeZone: zone }).format(now)} now.</>;
}

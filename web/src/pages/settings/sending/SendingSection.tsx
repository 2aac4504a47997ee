import { Answered } from '../../../parts/Answered.tsx';
import { useSettings } from '../useSettings.ts';
import { SenderPanel } from './SenderPanel.tsx';
import { SendingForm } from './SendingForm.tsx';

/** Whom messages come from, and what slows them down. */
export function SendingSection() {
  const settings = useSettings();
  return (
    <>
      <SenderPanel />
      <Answered of={settings} what="the settings" rows={8}>
        {(value) => <SendingForm settings={value} />}
      </Answered>
    </>
  );
}

import { useStore } from '../api/store.ts';
import { Dialog } from '../parts/Dialog.tsx';
import { commandGroups } from './commands.ts';
import classes from './KeyboardHelp.module.css';

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);
const names: Readonly<Record<string, string>> = { mod: isMac ? '⌘' : 'Ctrl', shift: 'Shift', ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc' };

/** What the keyboard can do on this page. */
export function KeyboardHelp({ opened, close }: { opened: boolean; close: () => void }) {
  const groups = useStore(commandGroups).toReversed();
  return (
    <Dialog title="Keyboard" opened={opened} close={close} wide>
      <div className={classes['groups']}>
        {groups.map(({ title, commands }) => (
          <section key={title} aria-label={title}>
            <h3>{title}</h3>
            <dl>
              {commands.map(({ keys, label }) => (
                <div key={keys}>
                  <dt>
                    <Keys keys={keys} />
                  </dt>
                  <dd>{label}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

/** "g p" → G P; "mod+s" → Ctrl S. */
function Keys({ keys }: { keys: string }) {
  return keys.split(/[ +]/).map((key, place) => <kbd key={place}>{names[key] ?? (key.length === 1 ? key.toUpperCase() : key)}</kbd>);
}

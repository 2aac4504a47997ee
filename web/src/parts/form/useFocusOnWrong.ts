import { type RefObject, useEffect } from 'react';
import type { FormState } from './useForm.ts';

/** After a save that did not work, the focus goes to the first place in the form around `within` that matches: by default the first field that is wrong. */
export function useFocusOnWrong({ attempts }: FormState, within: RefObject<HTMLElement | null>, selector = '[aria-invalid]'): void {
  useEffect(() => {
    if (attempts > 0) within.current?.closest('form')?.querySelector<HTMLElement>(selector)?.focus();
  }, [attempts, within, selector]);
}

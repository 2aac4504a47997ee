import { Store } from '../api/store.ts';

/** A sentence about what was just done. Failures do not come this way: they stand where they happened, and stay. */
export interface Toast {
  id: number;
  text: string;
  /** the way back, as long as the toast is there */
  action?: { label: string; run: () => void };
}

export const toasts = new Store<readonly Toast[]>([]);

const shown = 3;
let last = 0;

export function toast(text: string, action?: Toast['action']): void {
  last += 1;
  toasts.set([...toasts.get(), { id: last, text, action }].slice(-shown));
}

export function dismiss(id: number): void {
  toasts.set(toasts.get().filter((one) => one.id !== id));
}

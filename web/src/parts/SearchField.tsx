import { useDebouncedCallback } from '@mantine/hooks';
import { type RefObject, useEffect, useRef, useState } from 'react';
import classes from './Choices.module.css';

const typingMs = 300;

type Props = {
  text: string;
  find: (text: string) => void;
  field: RefObject<HTMLInputElement | null>;
  /** what is searched through */
  placeholder: string;
};

/** Text to search for; what is typed is looked for after a short rest. */
export function SearchField({ text, find, field, placeholder }: Props) {
  const [typed, setTyped] = useState(text);
  const sent = useRef(text);
  const send = useDebouncedCallback((value: string) => {
    sent.current = value;
    find(value);
  }, typingMs);
  // Back and forward change the field; the echo of what was typed does not, for more may have been typed since.
  useEffect(() => {
    if (text === sent.current) return;
    sent.current = text;
    setTyped(text);
  }, [text]);

  function type(value: string) {
    setTyped(value);
    send(value);
  }

  return (
    <label className={classes['choice']} style={{ flex: '1 1 12rem' }}>
      <span>Search</span>
      <input ref={field} type="search" value={typed} placeholder={placeholder} onChange={(event) => type(event.currentTarget.value)} />
    </label>
  );
}

import { count } from '../../../parts/format.ts';
import classes from '../list/Panel.module.css';

/** How far an upload is; the rows that follow the last byte take a moment more. */
export function Sending({ sent, size }: { sent: number | null; size: number }) {
  const isSent = sent !== null && sent >= size;
  const kilobytes = (bytes: number) => `${count(Math.ceil(bytes / 1024))} kB`;
  return (
    <div className={classes['gathering']}>
      <progress value={isSent ? undefined : (sent ?? 0)} max={size} aria-label="Progress of the upload" />
      <span>{sent === null || isSent ? 'The rows are being read' : `${kilobytes(sent)} of ${kilobytes(size)} sent`}</span>
    </div>
  );
}

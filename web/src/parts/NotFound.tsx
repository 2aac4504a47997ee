import { Link } from '@tanstack/react-router';
import { Empty } from './Empty.tsx';

export function NotFound() {
  return (
    <Empty title="There is no such page">
      <p>
        <Link to="/">Go to the overview</Link>
      </p>
    </Empty>
  );
}

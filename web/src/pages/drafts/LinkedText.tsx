import { OutLink } from '../../parts/OutLink.tsx';

const links = /(https?:\/\/[^\s<>"')\]]*[^\s<>"')\].,;:!?])/i;

/** Plain text as mail programs show it: an address of the web in it is a link. */
export function LinkedText({ text }: { text: string }) {
  return text.split(links).map((part, place) =>
    place % 2 === 1 ? (
      <OutLink key={place} to={part}>
        {part}
      </OutLink>
    ) : (
      part
    ),
  );
}

/** So many of them, spread over the whole list, and always the same ones. */
export function evenly<T>(list: readonly T[], count: number): T[] {
  if (count >= list.length) return [...list];
  return Array.from({ length: count }, (_, place) => list[Math.floor(((place + 0.5) * list.length) / count)] as T);
}

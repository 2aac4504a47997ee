import { Kind, type DocumentNode, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql';

/** What of a selection set is merged with others: scalars cost next to nothing. */
interface Mergeable {
  /** where in the answer objects stand, and what is selected of them */
  objects: { place: string; selected: SelectionSetNode }[];
  spreads: Set<string>;
}

/**
 * How much there is to merge in a parsed document: one for each place of its answer that holds objects, one for each pair of
 * selections at the same place, and one for each fragment that is spread there. The validation compares each of these pairs with
 * all that is inside. It takes the time of the document and of what is counted.
 * @param depth of the document; what nests deeper is fragments in a circle, which the validation refuses
 * @param most where counting ends, so that what is above it is no exact number
 */
export function countMerges(document: DocumentNode, depth: number, most: number): number {
  const fragments = new Map(
    document.definitions.filter((node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION).map((node) => [node.name.value, node.selectionSet]),
  );
  const known = new Map<SelectionSetNode, Mergeable>();
  const read = (selectionSet: SelectionSetNode): Mergeable => {
    let found = known.get(selectionSet);
    if (!found) {
      found = mergeableOf(selectionSet);
      known.set(selectionSet, found);
    }
    return found;
  };
  let merges = 0;

  function placesOf(merged: readonly SelectionSetNode[]): Map<string, SelectionSetNode[]> {
    const places = new Map<string, SelectionSetNode[]>();
    const spread = new Set<string>();
    // It grows while it is gone through.
    const waiting = [...merged];
    for (const selectionSet of waiting) {
      const { objects, spreads } = read(selectionSet);
      for (const { place, selected } of objects) {
        const others = places.get(place);
        if (others) others.push(selected);
        else places.set(place, [selected]);
      }
      for (const name of spreads) {
        if (spread.has(name)) continue;
        spread.add(name);
        const fragment = fragments.get(name);
        if (fragment) waiting.push(fragment);
      }
    }
    merges += spread.size;
    return places;
  }

  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION && definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
    let level: SelectionSetNode[][] = [[definition.selectionSet]];
    for (let nested = 0; nested < depth && level.length > 0; nested += 1) {
      const below: SelectionSetNode[][] = [];
      for (const merged of level) {
        for (const selected of placesOf(merged).values()) {
          merges += 1 + (selected.length * (selected.length - 1)) / 2;
          below.push(selected);
        }
        if (merges > most) return merges;
      }
      level = below;
    }
  }
  return merges;
}

function mergeableOf(selectionSet: SelectionSetNode, into: Mergeable = { objects: [], spreads: new Set() }): Mergeable {
  for (const selection of selectionSet.selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) mergeableOf(selection.selectionSet, into);
    else if (selection.kind === Kind.FRAGMENT_SPREAD) into.spreads.add(selection.name.value);
    else if (selection.selectionSet) into.objects.push({ place: (selection.alias ?? selection.name).value, selected: selection.selectionSet });
  }
  return into;
}

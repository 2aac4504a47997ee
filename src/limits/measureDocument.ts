import { Kind, type DocumentNode, type FragmentDefinitionNode, type SelectionNode, type SelectionSetNode } from 'graphql';

export interface DocumentSize {
  depth: number;
  aliases: number;
  /** of the operation that has most, duplicates counted */
  rootFields: number;
  directives: number;
  /** at the place that has most */
  directivesAtOnePlace: number;
}

/**
 * How large a parsed document is, each fragment measured once however often it is spread: in the time of its length. It need
 * not be valid; a fragment that spreads itself is left to the validation.
 */
export function measureDocument(document: DocumentNode): DocumentSize {
  const fragments = new Map(
    document.definitions.filter((node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION).map((node) => [node.name.value, node]),
  );
  const depths = new Map<string, number>();
  const widths = new Map<string, number>();
  const size: DocumentSize = { depth: 0, aliases: 0, rootFields: 0, directives: 0, directivesAtOnePlace: 0 };

  const depthOf = ({ selections }: SelectionSetNode): number => {
    let deepest = 0;
    for (const selection of selections) deepest = Math.max(deepest, depthOfSelection(selection));
    return deepest;
  };
  const depthOfSelection = (selection: SelectionNode): number => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return once(depths, selection.name.value, depthOf);
    if (selection.kind === Kind.INLINE_FRAGMENT) return depthOf(selection.selectionSet);
    return 1 + (selection.selectionSet ? depthOf(selection.selectionSet) : 0);
  };
  const widthOf = ({ selections }: SelectionSetNode): number => {
    let sum = 0;
    for (const selection of selections) sum += widthOfSelection(selection);
    return sum;
  };
  const widthOfSelection = (selection: SelectionNode): number => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return once(widths, selection.name.value, widthOf);
    return selection.kind === Kind.INLINE_FRAGMENT ? widthOf(selection.selectionSet) : 1;
  };
  function once(known: Map<string, number>, name: string, measure: (selectionSet: SelectionSetNode) => number): number {
    const found = known.get(name);
    if (found !== undefined) return found;
    known.set(name, 0);
    const fragment = fragments.get(name);
    const measured = fragment ? measure(fragment.selectionSet) : 0;
    known.set(name, measured);
    return measured;
  }
  const count = (node: { directives?: readonly unknown[]; alias?: unknown; selectionSet?: SelectionSetNode }) => {
    if (node.alias) size.aliases += 1;
    size.directives += node.directives?.length ?? 0;
    size.directivesAtOnePlace = Math.max(size.directivesAtOnePlace, node.directives?.length ?? 0);
    node.selectionSet?.selections.forEach(count);
  };

  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION && definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
    count(definition);
    definition.variableDefinitions?.forEach(count);
    size.depth = Math.max(size.depth, depthOf(definition.selectionSet));
    if (definition.kind === Kind.OPERATION_DEFINITION) size.rootFields = Math.max(size.rootFields, widthOf(definition.selectionSet));
  }
  return size;
}

import { getDirectiveValues, GraphQLIncludeDirective, GraphQLSkipDirective, Kind, type FieldNode, type GraphQLResolveInfo, type SelectionNode } from 'graphql';

type Info = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'variableValues'>;

/** What a request asks of one field: the names below it, fragments and directives resolved. */
export class Selection {
  readonly #info: Info;
  readonly #nodes: readonly FieldNode[];

  constructor(info: Info, nodes: readonly FieldNode[] = info.fieldNodes) {
    this.#info = info;
    this.#nodes = nodes;
  }

  /** The fields that are asked of an object of this type. */
  fields(type: string): Map<string, Selection> {
    const found = new Map<string, FieldNode[]>();
    for (const node of this.#nodes) this.#collect(node.selectionSet?.selections ?? [], type, found);
    return new Map([...found].map(([name, nodes]) => [name, new Selection(this.#info, nodes)]));
  }

  #collect(selections: readonly SelectionNode[], type: string, found: Map<string, FieldNode[]>): void {
    for (const selection of selections) {
      if (!this.#included(selection)) continue;
      if (selection.kind === Kind.FIELD) {
        const nodes = found.get(selection.name.value);
        if (nodes) nodes.push(selection);
        else found.set(selection.name.value, [selection]);
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#info.fragments[selection.name.value];
      const condition = fragment?.typeCondition?.name.value;
      if (fragment && (condition === undefined || condition === type || condition === 'Node')) {
        this.#collect(fragment.selectionSet.selections, type, found);
      }
    }
  }

  #included(node: SelectionNode): boolean {
    if (!node.directives?.length) return true;
    const variables = this.#info.variableValues;
    return (
      getDirectiveValues(GraphQLSkipDirective, node, variables)?.['if'] !== true &&
      getDirectiveValues(GraphQLIncludeDirective, node, variables)?.['if'] !== false
    );
  }
}

/** What a request asks of a connection. */
export interface ConnectionSelection {
  /** the fields of the nodes, whether asked through `nodes` or through `edges` */
  fields: string[];
  edges: boolean;
  pageInfo: boolean;
  totalCount: boolean;
}

export function connectionSelection(info: Info, type: string): ConnectionSelection {
  const connection = new Selection(info).fields(`${type}Connection`);
  const edges = connection.get('edges')?.fields(`${type}Edge`);
  const nodes = [connection.get('nodes'), edges?.get('node')];
  return {
    fields: [...new Set(nodes.flatMap((selection) => [...(selection?.fields(type).keys() ?? [])]))].sort(),
    edges: edges !== undefined,
    pageInfo: connection.has('pageInfo'),
    totalCount: connection.has('totalCount'),
  };
}

/** The names of the fields that are asked of an object of this type, sorted. */
export function fieldsOf(info: Info, type: string): string[] {
  return [...new Selection(info).fields(type).keys()].sort();
}

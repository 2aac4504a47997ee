import {
  getArgumentValues, type FieldNode, type FragmentDefinitionNode, type GraphQLField, type GraphQLObjectType, type GraphQLResolveInfo, type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';

export interface AnswerSource {
  schema: GraphQLSchema;
  fragments: Record<string, FragmentDefinitionNode>;
  operation: OperationDefinitionNode;
}

export interface Field {
  definition: GraphQLField<unknown, unknown>;
  parent: GraphQLObjectType;
  nodes: readonly FieldNode[];
  write: Write;
}

/** Writes one value of a type as JSON; throws where the value is not of the type. */
export type Write = (value: unknown, out: Output, run: AnswerRun) => void;

/** Text with places that are filled in later. */
export class Output {
  text = '';
  #before: (string | Output)[] | null = null;

  /** A place here, for what is not known yet. */
  place(): Output {
    const place = new Output();
    (this.#before ??= []).push(this.text, place);
    this.text = '';
    return place;
  }

  toString(): string {
    if (this.#before === null) return this.text;
    let text = '';
    for (const part of this.#before) text += part;
    return text + this.text;
  }
}

/** One run of a compiled answer. */
export class AnswerRun {
  readonly context: unknown;
  readonly #source: AnswerSource;
  readonly #variables: Readonly<Record<string, unknown>>;
  readonly #given = new Map<Field, { args: Record<string, unknown>; info: GraphQLResolveInfo }>();
  readonly #out = new Output();
  readonly #end = Promise.withResolvers<string>();
  /** what is awaited, and the root itself */
  #open = 1;

  constructor(source: AnswerSource, context: unknown, variables: Readonly<Record<string, unknown>>) {
    this.#source = source;
    this.context = context;
    this.#variables = variables;
  }

  write(root: (out: Output, run: AnswerRun) => void): Promise<string> {
    this.#fill(() => root(this.#out, this));
    return this.#end.promise;
  }

  /** Writes a value now, or at this place when it is there. */
  put(value: unknown, write: Write, out: Output): void {
    if (!isPromise(value)) return write(value, out, this);
    const place = out.place();
    this.#open += 1;
    value.then((found) => this.#fill(() => write(found, place, this)), this.#end.reject);
    return undefined;
  }

  /** What a resolver is given, the same for every row: loaders know a field by its nodes. */
  given(field: Field): { args: Record<string, unknown>; info: GraphQLResolveInfo } {
    let given = this.#given.get(field);
    if (!given) {
      const { definition, parent, nodes } = field;
      const { schema, fragments, operation } = this.#source;
      const path = { prev: undefined, key: nodes[0]!.alias?.value ?? definition.name, typename: parent.name };
      const variableValues = this.#variables as Record<string, unknown>;
      given = {
        args: getArgumentValues(definition, nodes[0]!, variableValues),
        info: { fieldName: definition.name, fieldNodes: nodes, returnType: definition.type, parentType: parent, path, schema, fragments, rootValue: undefined, operation, variableValues },
      };
      this.#given.set(field, given);
    }
    return given;
  }

  #fill(write: () => void): void {
    try {
      write();
      this.#open -= 1;
      if (this.#open === 0) this.#end.resolve(this.#out.toString());
    } catch (error) {
      this.#end.reject(error);
    }
  }
}

const isPromise = (value: unknown): value is Promise<unknown> => typeof (value as Promise<unknown> | null | undefined)?.then === 'function';

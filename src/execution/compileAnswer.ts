import {
  defaultFieldResolver, GraphQLError, isAbstractType, isEnumType, isLeafType, isListType, isNonNullType, isObjectType, TypeNameMetaFieldDef,
  type FieldNode, type GraphQLAbstractType, type GraphQLLeafType, type GraphQLObjectType, type GraphQLOutputType, type GraphQLResolveInfo,
} from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import { AnswerRun, type AnswerSource, type Field, type Output, type Write } from './AnswerRun.ts';

/** What the operation answers when nothing goes wrong, as the JSON of `data`; rejects when anything does. */
export type CompiledAnswer = (context: unknown, variables: Readonly<Record<string, unknown>>) => Promise<string>;

/**
 * Compiles a query into functions that write its answer while it is resolved: no object is made for what is only written,
 * and nothing is walked twice. Resolvers, arguments and scalars are the schema's own.
 *
 * @param source its `conditions` are the values of the variables that directives ask for: it answers for these only
 * @throws where the query asks for something that this does not know, such as introspection
 */
export function compileAnswer({ conditions, ...source }: AnswerSource & { conditions: Readonly<Record<string, unknown>> }): CompiledAnswer {
  const { schema, fragments, operation } = source;
  const root = schema.getQueryType()!;
  const writeRoot = objectWriter(root, fieldsOf(root, collectFields(schema, fragments, conditions, root, operation.selectionSet)));
  return (context, variables) => new AnswerRun(source, context, variables).write((out, run) => writeRoot({}, out, run));

  function fieldsOf(parent: GraphQLObjectType, collected: ReadonlyMap<string, readonly FieldNode[]>): { prefix: string; field: Field | null }[] {
    return [...collected].map(([key, nodes], place) => {
      const { value: name } = nodes[0]!.name;
      const prefix = `${place === 0 ? '' : ','}${JSON.stringify(key)}:`;
      if (name === TypeNameMetaFieldDef.name) return { prefix: `${prefix}${JSON.stringify(parent.name)}`, field: null };
      const definition = parent.getFields()[name];
      if (!definition) throw new Error(`${parent.name}.${name} is not compiled.`);
      return { prefix, field: { definition, parent, nodes, write: writerOf(definition.type, nodes) } };
    });
  }

  function writerOf(type: GraphQLOutputType, nodes: readonly FieldNode[]): Write {
    if (isNonNullType(type)) return writerOfPresent(type.ofType, nodes);
    const write = writerOfPresent(type, nodes);
    return (value, out, run) => {
      if (value === null || value === undefined) out.text += 'null';
      else write(value, out, run);
    };
  }

  function writerOfPresent(type: GraphQLOutputType, nodes: readonly FieldNode[]): Write {
    if (isLeafType(type)) {
      const text = presentLeafText(type);
      return (value, out) => void (out.text += text(value));
    }
    if (isListType(type)) return listWriter(writerOf(type.ofType, nodes));
    if (isObjectType(type)) return objectWriter(type, subfieldsOf(type, nodes));
    if (isAbstractType(type)) return abstractWriter(type, nodes);
    throw new Error(`${String(type)} is not compiled.`);
  }

  function subfieldsOf(type: GraphQLObjectType, nodes: readonly FieldNode[]) {
    return fieldsOf(type, collectSubfields(schema, fragments, conditions, type, nodes));
  }

  function abstractWriter(type: GraphQLAbstractType, nodes: readonly FieldNode[]): Write {
    const writers = new Map<string, Write>();
    const { resolveType } = type;
    if (!resolveType) throw new Error(`${type.name} does not say of which type a value is.`);
    return (value, out, run) => {
      const name = resolveType(value, run.context, {} as GraphQLResolveInfo, type);
      if (typeof name !== 'string') throw new Error(`${type.name} does not say at once of which type a value is.`);
      let write = writers.get(name);
      if (!write) {
        const found = schema.getType(name);
        if (!isObjectType(found) || !schema.isSubType(type, found)) throw new Error(`${name} is no ${type.name}.`);
        write = objectWriter(found, subfieldsOf(found, nodes));
        writers.set(name, write);
      }
      write(value, out, run);
    };
  }
}

function objectWriter(type: GraphQLObjectType, fields: readonly { prefix: string; field: Field | null }[]): Write {
  if (type.isTypeOf) throw new Error(`Whether a value is a ${type.name} is not asked here.`);
  const writers = fields.map(({ prefix, field }) => fieldWriter(prefix, field));
  return (value, out, run) => {
    if (typeof value !== 'object' || value === null || value instanceof Error) throw notOfType(type.name);
    out.text += '{';
    for (const write of writers) write(value as Source, out, run);
    out.text += '}';
  };
}

type Source = Record<string, unknown>;

function fieldWriter(prefix: string, field: Field | null): (source: Source, out: Output, run: AnswerRun) => void {
  if (!field) return (_source, out) => void (out.text += prefix);
  const { definition: { name, type, resolve }, write } = field;
  if (!resolve || resolve === defaultFieldResolver) {
    const leaf = leafText(type);
    if (leaf) return (source, out) => void (out.text += prefix + leaf(source[name]));
    return (source, out, run) => {
      out.text += prefix;
      run.put(source[name], write, out);
    };
  }
  return (source, out, run) => {
    out.text += prefix;
    const { args, info } = run.given(field);
    run.put(resolve(source, args, run.context, info), write, out);
  };
}

function listWriter(write: Write): Write {
  return (value, out, run) => {
    if (!Array.isArray(value)) throw notOfType('list');
    out.text += '[';
    for (let place = 0; place < value.length; place++) {
      if (place > 0) out.text += ',';
      run.put(value[place], write, out);
    }
    out.text += ']';
  };
}

/** What a leaf's values are written as; null for another type. */
function leafText(type: GraphQLOutputType): ((value: unknown) => string) | null {
  if (isNonNullType(type)) return isLeafType(type.ofType) ? presentLeafText(type.ofType) : null;
  if (!isLeafType(type)) return null;
  const text = presentLeafText(type);
  return (value) => (value === null || value === undefined ? 'null' : text(value));
}

function presentLeafText(type: GraphQLLeafType): (value: unknown) => string {
  const textOf = (value: unknown): string => {
    if (value === null || value === undefined || value instanceof Error || typeof value === 'function') throw notOfType(type.name);
    const text = JSON.stringify(type.serialize(value)) as string | undefined;
    if (text === undefined || text === 'null') throw notOfType(type.name);
    return text;
  };
  if (!isEnumType(type)) return textOf;
  const known = new Map<unknown, string>();
  return (value) => {
    let text = known.get(value);
    if (text === undefined) {
      text = textOf(value);
      known.set(value, text);
    }
    return text;
  };
}

const notOfType = (name: string) => new GraphQLError(`A value is no ${name}.`);

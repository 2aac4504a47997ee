interface SameCondition {
  how: string;
  condition: string;
}

const commuted: Record<string, string> = { '=': '=', '<>': '<>', '<': '>', '>': '<', '<=': '>=', '>=': '<=' };

/** A condition as PostgreSQL prints it, in other words that mean the same. */
export function sameConditions(condition: string): SameCondition[] {
  const spellings: SameCondition[] = [
    { how: 'in brackets', condition: `((${condition}))` },
    { how: 'twice negated', condition: `not (not (${condition}))` },
    { how: 'and true', condition: `(${condition}) and true` },
  ];
  const add = (how: string, other: string) => {
    if (other !== condition) spellings.push({ how, condition: other });
  };
  add('commuted', condition.replaceAll(/\((\w+) (=|<>|<=|>=|<|>) ((?:'[^']*'|-?\d+)(?:::[\w. ]+?)?)\)/g, (_, left: string, operator: string, right: string) => `(${right} ${commuted[operator]} ${left})`));
  add('in another order', condition.replace(/^\((\([^()]*\)) (AND|OR) (\([^()]*\))\)$/, '($3 $2 $1)'));
  add('between', condition.replace(/\(\((\w+(?:\(\w+\))?) >= (\S+)\) AND \(\1 <= ([^()]+)\)\)/, '($1 between $2 and $3)'));
  add('as a list', condition.replaceAll(/= ANY \(ARRAY\[([^\]]*)\]\)/g, 'in ($1)'));
  add('as alternatives', condition.replaceAll(/\((\w+) = ANY \(ARRAY\[([^\]]*)\]\)\)/g, (_, column: string, items: string) => `(${items.split(', ').map((item) => `${column} = ${item}`).join(' or ')})`));
  add('as a list in another order', condition.replaceAll(/ANY \(ARRAY\[([^\]]*)\]\)/g, (_, items: string) => `ANY (ARRAY[${items.split(', ').toReversed().join(', ')}])`));
  return spellings;
}

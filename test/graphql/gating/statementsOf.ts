import pg from 'pg';

/** Does something, and answers the text of every statement that this process sends meanwhile. */
export async function statementsOf(work: () => Promise<void>): Promise<string> {
  const { query } = pg.Client.prototype;
  const texts: string[] = [];
  pg.Client.prototype.query = function (this: pg.Client, ...args: any[]): any {
    texts.push(typeof args[0] === 'string' ? args[0] : String(args[0].text));
    return (query as any).apply(this, args);
  };
  try {
    await work();
  } finally {
    pg.Client.prototype.query = query;
  }
  return texts.join('\n');
}

/** What the statements of an operation do to one table; columns are parted by spaces. */
export interface Touch {
  /** read, compared or returned */
  select?: string;
  insert?: string;
  /** inserted with ON CONFLICT */
  upsert?: true;
  update?: string;
  /** locked rows need the right to UPDATE */
  lock?: true;
  delete?: true;
  /** rows of it go with those that they refer to, whatever the rights of whoever deletes these */
  cascade?: true;
}

/** What an operation cannot do without. */
export interface Needs {
  tables: Readonly<Record<string, Touch>>;
  /**
   * Everything else: types that a statement names ("job_type"), values that it writes or looks for ("job_status=running"),
   * keys that ON CONFLICT infers and foreign keys that cascade ("table#name"), functions.
   */
  objects?: readonly string[];
}

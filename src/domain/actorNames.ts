const reserved: ReadonlySet<string> = new Set(['admin', 'cli', 'worker', 'recipient', 'retention', 'schema health']);

/** Whether somebody acts under this name without an API key: nobody else shall pass for them in the record of activities. */
export const isReservedName = (name: string): boolean => reserved.has(name.toLowerCase());

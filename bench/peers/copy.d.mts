export function copyOut(url: string, query: string): Promise<Buffer>;
export function copyIn(url: string, target: string, rows: Buffer): Promise<void>;

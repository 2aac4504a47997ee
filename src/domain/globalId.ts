const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether it is a uuid as PostgreSQL writes it. */
export const isUuid = (text: string): boolean => uuidPattern.test(text);

/** Types that implement Node; their names are part of every global id. */
export const nodeTypes = [
  'Prospect', 'SocialProfile', 'Draft', 'Message', 'Job', 'JobFailure', 'Template', 'SavedFilter', 'ApiKey', 'Webhook', 'WebhookDelivery', 'Activity', 'Suppression', 'InboundMessage', 'DiscoveryQuery', 'ScraperRequest',
] as const;
export type NodeType = (typeof nodeTypes)[number];

export const isNodeType = (name: string): name is NodeType => (nodeTypes as readonly string[]).includes(name);

/** Those that only administrators may see. */
export const secretNodeTypes: ReadonlySet<NodeType> = new Set(['ApiKey', 'Webhook', 'WebhookDelivery']);

export interface GlobalId {
  type: NodeType;
  /** a uuid; for JobFailure `<uuid of the job>.<ordinal of the target>` */
  key: string;
}

/**
 * The opaque id of the contract: base64url of `Type:key`. No letter, digit, colon, hyphen or dot becomes one of the two
 * characters in which base64 differs from base64url, and btoa makes no buffer.
 */
export function toGlobalId(type: NodeType, key: string): string {
  const padded = btoa(`${type}:${key}`);
  const end = padded.indexOf('=');
  return end === -1 ? padded : padded.slice(0, end);
}

/** What an opaque id names, or null for anything that `toGlobalId` did not make. */
export function fromGlobalId(id: string): GlobalId | null {
  const text = Buffer.from(id, 'base64url').toString('utf8');
  const colon = text.indexOf(':');
  const type = nodeTypes.find((known) => known === text.slice(0, colon));
  const key = text.slice(colon + 1);
  const [uuid = '', ordinal, ...rest] = key.split('.');
  const wellFormed =
    isUuid(uuid) &&
    rest.length === 0 &&
    (type === 'JobFailure' ? /^[0-9]{1,9}$/.test(ordinal ?? '') : ordinal === undefined);
  return type && wellFormed && toGlobalId(type, key) === id ? { type, key } : null;
}

/** The uuid inside a global id of exactly this type, or null. */
export function uuidOf(type: NodeType, id: string): string | null {
  const parsed = fromGlobalId(id);
  return parsed?.type === type ? parsed.key : null;
}

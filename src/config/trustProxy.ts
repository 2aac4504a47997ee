import proxyAddr from 'proxy-addr';

/** Whether a proxy is believed about whom it asks for; `distance` is 0 for the one that is connected to this server. */
export type TrustProxy = (address: string, distance: number) => boolean;

export const trustNoProxy: TrustProxy = () => false;

/**
 * TRUST_PROXY: how many proxies stand in front, or their addresses and networks, comma-separated.
 * @throws {TypeError} when it is neither
 */
export function readTrustProxy(text: string): TrustProxy {
  if (/^\d{1,2}$/.test(text)) return (_address, distance) => distance < Number(text);
  return proxyAddr.compile(text.split(',').map((address) => address.trim()));
}

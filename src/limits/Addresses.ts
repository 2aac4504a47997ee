/** How many of something each address has now. */
export class Addresses {
  readonly #most: number;
  readonly #counts = new Map<string, number>();

  /** @param most of one address; 0: any number */
  constructor(most: number) {
    this.#most = most;
  }

  /** One more of this address. @returns what takes it away again; null when there are too many */
  enter(address: string): (() => void) | null {
    if (this.#most === 0) return () => {};
    const count = this.#counts.get(address) ?? 0;
    if (count >= this.#most) return null;
    this.#counts.set(address, count + 1);
    return () => {
      const left = this.#counts.get(address)! - 1;
      if (left > 0) this.#counts.set(address, left);
      else this.#counts.delete(address);
    };
  }
}

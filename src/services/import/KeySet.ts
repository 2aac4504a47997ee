/**
 * Which keys a file has had, in 8 to 23 bytes a key: a table of 64-bit hashes. Two keys of 10 million meet with a
 * probability of about 3 in a million; then a first row counts as a repeat and only fills what is empty.
 */
export class KeySet {
  /** pairs of 32-bit halves; 0, 0 is an empty slot */
  #slots = new Uint32Array(2 << 12);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** True when it was not there yet. */
  add(key: string): boolean {
    const low = hash(key, 0x9747b28c) || 1;
    const high = hash(key, 0x3c6ef372);
    if (!insert(this.#slots, low, high)) return false;
    this.#size += 1;
    if (this.#size * 2 > this.#slots.length * 0.7) this.#grow();
    return true;
  }

  #grow(): void {
    const larger = new Uint32Array(this.#slots.length * 2);
    for (let at = 0; at < this.#slots.length; at += 2) {
      if (this.#slots[at] !== 0) insert(larger, this.#slots[at] as number, this.#slots[at + 1] as number);
    }
    this.#slots = larger;
  }
}

function insert(slots: Uint32Array, low: number, high: number): boolean {
  const mask = slots.length / 2 - 1;
  for (let slot = low & mask; ; slot = (slot + 1) & mask) {
    const at = slot * 2;
    if (slots[at] === 0) {
      slots[at] = low;
      slots[at + 1] = high;
      return true;
    }
    if (slots[at] === low && slots[at + 1] === high) return false;
  }
}

/** MurmurHash3 (x86, 32 bits) over UTF-16 code units, by Austin Appleby, public domain. */
function hash(key: string, seed: number): number {
  let state = seed;
  for (let index = 0; index < key.length; index += 1) {
    let block = Math.imul(key.charCodeAt(index), 0xcc9e2d51);
    block = Math.imul((block << 15) | (block >>> 17), 0x1b873593);
    state ^= block;
    state = (Math.imul((state << 13) | (state >>> 19), 5) + 0xe6546b64) | 0;
  }
  state ^= key.length;
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}

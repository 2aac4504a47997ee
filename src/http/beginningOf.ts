/**
 * The first bytes of a stream, as soon as they are there, and the whole of it again.
 * @param length bytes; fewer where the stream is shorter
 */
export async function beginningOf(source: AsyncIterable<Buffer>, length: number): Promise<{ beginning: Buffer; whole: AsyncIterable<Buffer> }> {
  const rest = source[Symbol.asyncIterator]();
  const read: Buffer[] = [];
  for (let bytes = 0; bytes < length; ) {
    const { done, value } = await rest.next();
    if (done) break;
    read.push(value);
    bytes += value.length;
  }
  async function* whole(): AsyncGenerator<Buffer> {
    yield* read;
    yield* { [Symbol.asyncIterator]: () => rest };
  }
  return { beginning: Buffer.concat(read).subarray(0, length), whole: whole() };
}

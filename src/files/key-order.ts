/** The order of stores: by the bytes of keys, on all of them. */
export const compareKeys = (a: string, b: string): number =>
  a === b
    ? 0
    : plain.test(a) && plain.test(b)
      ? a < b
        ? -1
        : 1
      : Buffer.compare(Buffer.from(a), Buffer.from(b))

/** Up to here bytes and UTF-16 agree. */
const plain = /^[\0-\ud7ff]*$/

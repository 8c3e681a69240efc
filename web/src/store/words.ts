// Words of a command line: key=value, how a POSIX shell takes them, and how a
// link does.

export type Pair = [key: string, value: string];

/** "a=b=c" to its key and value. */
export function splitWord(word: string): Pair {
  const at = word.indexOf('=');
  return at < 0 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)];
}

export function quote(word: string): string {
  if (/^[\w.,:=/@%+-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** FNV-1a-32 of the pairs' text: 8 hex digits. */
export function sumOf(pairs: Pair[]): string {
  let sum = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(
    pairs.map(([key, value]) => `${key}=${value}\n`).join(''),
  )) {
    sum = Math.imul(sum ^ byte, 0x01000193);
  }
  return (sum >>> 0).toString(16).padStart(8, '0');
}

/** Percent-encodes all but what is legal in a hash and pleasant to read. */
export function escape(text: string): string {
  return encodeURIComponent(text).replace(/%2C|%3A|%2F/g, decodeURIComponent);
}

// Words of a command line: key=value, and how a POSIX shell takes them.

/** "a=b=c" to its key and value. */
export function splitWord(word: string): [key: string, value: string] {
  const at = word.indexOf('=');
  return at < 0 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)];
}

export function quote(word: string): string {
  if (/^[\w.,:=/@%+-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

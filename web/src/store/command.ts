// The command lines that reproduce what the page shows, quoted for a POSIX
// shell.

import { quote, splitWord } from './words';

export interface Run {
  /** key=value words over the defaults. */
  words: string[];
  seed: number;
  steps: number;
  /** The CSV of data=points, else null. */
  file: string | null;
}

/** The words that a command needs besides its options. */
function wordsFor(run: Run): string[] {
  // The CLI finds a file's count, dimension and digest by itself.
  const own = ['data', 'data.file', 'data.count', 'data.dim', 'data.digest'];
  const words = run.words.filter((word) => {
    const key = splitWord(word)[0];
    return key !== 'seed' && !(run.file !== null && own.includes(key));
  });
  if (run.file !== null) words.unshift(`data=${pathOf(run.file)}`);
  return words;
}

export function trainCommand(run: Run): string {
  const words = wordsFor(run);
  // Which file it is, only its owner knows; the CLI holds it to the word.
  const given = words.some((word) => splitWord(word)[0] === 'weights');
  return line(
    'unnoise',
    'train',
    ...words,
    ...(given ? ['--weights', 'FILE.safetensors'] : []),
    '--seed',
    String(run.seed),
    '--steps',
    String(run.steps),
    '--out',
    folderOf(run),
  );
}

/** Samples of an exact law, which needs no run. */
export function exactCommand(run: Run, count: number): string {
  const words = wordsFor(run).filter((word) => splitWord(word)[0] !== 'family');
  return line('unnoise', 'sample', 'exact', ...words, ...drawn(run, count));
}

export function fingerprintCommand(run: Run): string {
  return line('unnoise', 'fingerprint', folderOf(run));
}

export function sampleCommand(run: Run, count: number): string {
  return line('unnoise', 'sample', folderOf(run), ...drawn(run, count));
}

function drawn(run: Run, count: number): string[] {
  const seed = String(run.seed);
  return ['--n', String(count), '--seed', seed, '--out', 'samples.npy'];
}

function folderOf({ words, file }: Run): string {
  const data = words.map(splitWord).find(([key]) => key === 'data')?.[1];
  const name = file?.replace(/\.[^.]*$/, '') ?? data ?? 'unnoise';
  return `runs/${name.replace(/[^\w.-]+/g, '_').replace(/^[.-]+/, '') || 'run'}`;
}

/** A file name that no shell or option parser takes for something else. */
function pathOf(file: string): string {
  return /^[\w]/.test(file) ? file : `./${file}`;
}

function line(...words: string[]): string {
  return words.map(quote).join(' ');
}

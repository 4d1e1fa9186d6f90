import { lineOf } from '../lib/source.ts';
import type { Finding, Law } from './project.ts';

interface Word {
  readonly pattern: RegExp;
  readonly message: string;
  /** Where it is looked for; everywhere when left out. */
  readonly only?: RegExp;
}

// The patterns are written so that they do not match themselves.
const WORDS: readonly Word[] = [
  {
    pattern: /(?<![\w.:)\]}@~-])\/(?:home|root|tmp|work|Users)\/[\w.]/g,
    message: 'A path of one machine: use a relative path, or the folder for temporary files.',
  },
  {
    pattern: /\b(?:TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b/g,
    message: 'Unfinished work does not enter the tree: finish it, or write it down where work is planned.',
  },
  {
    pattern: /\b(?:test|it|describe|suite)\.(?:skip|todo|only)\b/g,
    message: 'A test that does not run protects nothing: mend it or delete it.',
    only: /\.tsx?$/,
  },
  {
    pattern: /@ts-(?:ignore|expect-error|nocheck)|biome-(?:ignore)|eslint-(?:disable)/g,
    message: 'Do not silence a check: mend what it found.',
    only: /\.tsx?$/,
  },
];

/** Words that do not belong into the project's text. */
export const forbiddenWords: Law = (project) => {
  const findings: Finding[] = [];
  for (const [path, text] of project.texts) {
    if (path === 'package-lock.json' || path.startsWith('vectors/')) continue;
    for (const { pattern, message, only } of WORDS) {
      if (only !== undefined && !only.test(path)) continue;
      for (const match of text.matchAll(pattern)) {
        const line = lineOf(text, match.index);
        findings.push({ path, line, law: 'forbidden-word', message: `"${match[0]}": ${message}` });
      }
    }
  }
  return findings;
};

import type { Source } from '../lib/source.ts';
import type { Finding, Law } from './project.ts';

/** A file above this is not read in one sitting. */
const FILE_LINES_MAX = 500;
/** What fits beside another file on a screen. The formatter wraps code at 110; this holds for comments too. */
const LINE_CHARACTERS_MAX = 120;
/** How a file begins that a program wrote: one reads the program instead. */
const GENERATED = '// Generated ';

/**
 * Long files and long lines. What stands inside quotes is not counted: sentences stay in one piece so that one can
 * search for them, and test data has no line breaks. Long functions are found by Biome, which has a real parser.
 */
export const sizes: Law = (project) => {
  const findings: Finding[] = [];
  for (const source of project.sources.values()) {
    const { path } = source;
    const lengths = lineLengths(source);
    if (lengths.length > FILE_LINES_MAX && !source.text.startsWith(GENERATED)) {
      const message = `${lengths.length} lines, at most ${FILE_LINES_MAX}: split the file by what changes together.`;
      findings.push({ path, line: FILE_LINES_MAX + 1, law: 'file-length', message });
    }
    for (const [index, length] of lengths.entries()) {
      if (length <= LINE_CHARACTERS_MAX) continue;
      const message = `${length} characters, at most ${LINE_CHARACTERS_MAX}.`;
      findings.push({ path, line: index + 1, law: 'line-length', message });
    }
  }
  return findings;
};

/** For each line the characters of code and comments. */
function lineLengths({ text, code, comments }: Source): number[] {
  const counted = code.split('');
  for (const { start, end } of comments) for (let i = start; i < end; i++) counted[i] = text[i] as string;
  const lengths: number[] = [];
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\n') {
      lengths.push(length);
      length = 0;
    } else if (counted[i] === text[i]) {
      length++;
    }
  }
  return length === 0 ? lengths : [...lengths, length];
}

import { readFileSync } from 'node:fs';
import { parseSource, type Source } from '../lib/source.ts';
import { fromRoot, listFiles } from '../lib/workspace.ts';

/** What the laws look at: every file of the repository by name, the text ones with their content. */
export interface Project {
  /** Every path, in order. */
  readonly paths: ReadonlySet<string>;
  /** The content of text files. */
  readonly texts: ReadonlyMap<string, string>;
  /** The TypeScript files, those with JSX among them. */
  readonly sources: ReadonlyMap<string, Source>;
}

/** A breach of a law. */
export interface Finding {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  /** The law's name, such as `import-table`. */
  readonly law: string;
  /** What is wrong and what to do instead, in a sentence. */
  readonly message: string;
}

/** Looks for breaches of the laws of one kind. */
export type Law = (project: Project) => Finding[];

const TEXT =
  /(?:\.(?:tsx?|md|json|jsonc|sh|yml|yaml|css|html)|^calin|^\.ci\/run|^LICENSE|\.gitignore|\.npmrc)$/;

/** Reads the repository this script stands in. */
export function readProject(): Project {
  const paths = listFiles();
  return projectOf(
    Object.fromEntries(
      paths.map((path) => [path, TEXT.test(path) ? readFileSync(fromRoot(path), 'utf8') : '']),
    ),
  );
}

/** A project of these files, path to text. */
export function projectOf(files: Readonly<Record<string, string>>): Project {
  const texts = new Map(Object.entries(files));
  const sources = new Map<string, Source>();
  for (const [path, text] of texts) if (/\.tsx?$/.test(path)) sources.set(path, parseSource(path, text));
  return { paths: new Set(texts.keys()), texts, sources };
}

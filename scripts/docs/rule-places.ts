import { readFileSync } from 'node:fs';
import type { GeneratedPage } from '../lib/generated.ts';
import { isTesting } from '../lib/source.ts';
import { fromRoot, listFiles } from '../lib/workspace.ts';

/** Where what decides about blocks is. */
const CORE = 'packages/core/src/';
/** What a block can be refused for: by its bytes, its place, its header, its transactions. */
const FOLDERS = ['codec', 'primitives', 'chain', 'consensus', 'ledger', 'state'];
/** Files that are named for a rule. */
const FILES_MAX = 3;

const HEAD = `/**
 * The files of packages/core/src in which a rule refuses, at most ${FILES_MAX} for each. Written by \`npm run docs\`.
 */
export const RULE_PLACES: Readonly<Record<string, readonly string[]>> = {
`;

/** The table of the lab that says where in the code a rule is. */
export const pages: readonly GeneratedPage[] = [
  { path: 'packages/explorer/src/lab/rule-places.ts', generate: () => formatPlaces(readSources()) },
];

interface Source {
  readonly path: string;
  readonly text: string;
}

function readSources(): readonly Source[] {
  return FOLDERS.flatMap((folder) => listFiles(`${CORE}${folder}`))
    .filter((path) => path.endsWith('.ts') && !isTesting(path))
    .map((path) => ({ path: path.slice(CORE.length), text: readFileSync(fromRoot(path), 'utf8') }));
}

/** The text of the table: rules are what a `rules.ts` declares, their places where else the id stands. */
export function formatPlaces(sources: readonly Source[]): string {
  const isDeclaring = ({ path }: Source) => /(^|\/)rules\.ts$/.test(path);
  const declared = sources
    .filter(isDeclaring)
    .flatMap(({ path, text }) =>
      [...text.matchAll(/^ {2}'([a-z-]+\/[a-z0-9-]+)': \{/gm)].map(([, id]) => ({ id: id as string, path })),
    );
  const using = sources.filter((source) => !isDeclaring(source));
  const lines = declared.toSorted(byId).flatMap(({ id, path: declaration }) => {
    const paths = using.filter(({ text }) => text.includes(`'${id}'`)).map(({ path }) => path);
    // Those beside the declaration come first: others mention a rule that is not theirs.
    const near = paths.filter((path) => folderOf(path) === folderOf(declaration));
    const places = [...near.toSorted(), ...paths.filter((path) => !near.includes(path)).toSorted()];
    return places.length === 0 ? [] : [formatLine(id, places.slice(0, FILES_MAX))];
  });
  return `${HEAD}${lines.join('')}};\n`;
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}

function folderOf(path: string): string {
  return path.split('/', 1)[0] as string;
}

/** One rule, broken as the formatter of the project breaks lines. */
function formatLine(id: string, paths: readonly string[]): string {
  const line = `  '${id}': [${paths.map((path) => `'${path}'`).join(', ')}],`;
  if (line.length <= 110) return `${line}\n`;
  return `  '${id}': [\n${paths.map((path) => `    '${path}',\n`).join('')}  ],\n`;
}

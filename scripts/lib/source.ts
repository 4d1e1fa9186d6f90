import { posix } from 'node:path';
import { type Comment, lex } from './lexer.ts';

/** One `import` or `export … from`, static or dynamic. */
export interface Import {
  /** As it is written, such as `./hash.ts` or `node:fs`. */
  readonly specifier: string;
  readonly offset: number;
  /** True for `import type` and `export type … from`, which leave nothing behind at run time. */
  readonly typeOnly: boolean;
  /** The names as the other file exports them; `*` stands for all of them. */
  readonly names: readonly string[];
}

/** One exported name. */
export interface Export {
  readonly name: string;
  readonly offset: number;
  readonly kind: 'value' | 'type' | 'list';
}

/** A TypeScript file, read as far as the laws need it. */
export interface Source {
  /** From the top of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** See {@link Lexed.code}. */
  readonly code: string;
  readonly comments: readonly Comment[];
  readonly imports: readonly Import[];
  readonly exports: readonly Export[];
}

const CLAUSE = String.raw`(?:[\w$]+\s*,\s*)?(?:\{[^}]*\}|\*(?:\s+as\s+[\w$]+)?|[\w$]+)`;
const FROM = new RegExp(String.raw`^(?:import|export)(\s+type)?\s+(${CLAUSE})\s+from\s*['"]`, 'gm');
const WHOLE = /^import\s*['"]|\bimport\s*\(\s*['"]|\bnew URL\(\s*['"]/gm;
const DECLARED =
  /^export\s+(?:declare\s+)?(?:abstract\s+|async\s+)?(function\*?|class|const|let|interface|type)\s+([\w$]+)/gm;
const LISTED = /^export\s+(?:type\s+)?\{([^}]*)\}/gm;

/** Reads one TypeScript file. */
export function parseSource(path: string, text: string): Source {
  const { code, comments } = lex(text);
  return { path, text, code, comments, imports: findImports(text, code), exports: findExports(code) };
}

/** The line of an offset, counted from 1. */
export function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/**
 * The repository path a specifier leads to, or undefined when it names a dependency or a part of Node.
 * `@calin/core/x.ts` is `packages/core/src/x.ts`, as the packages' export maps say.
 */
export function resolveImport(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  const [, name, rest] = /^(?:@calin\/(?=[^/]+\/)|(?=calin\/))([^/]+)\/(.+)$/.exec(specifier) ?? [];
  return name === undefined ? undefined : `packages/${name}/src/${rest}`;
}

/** True for files that only run under the test runner, the fuzzer or the benchmarks. */
export function isTesting(path: string): boolean {
  return /\.(?:test|testing|fuzz|bench)\.ts$/.test(path) || /^packages\/[^/]+\/(?:test|bench)\//.test(path);
}

function findImports(text: string, code: string): Import[] {
  const imports: Import[] = [];
  const specifierAt = (quote: number) =>
    text.slice(quote + 1, text.indexOf(text[quote] as string, quote + 1));
  for (const match of code.matchAll(FROM)) {
    const specifier = specifierAt(match.index + match[0].length - 1);
    const typeOnly = match[1] !== undefined;
    imports.push({ specifier, offset: match.index, typeOnly, names: clauseNames(match[2] as string) });
  }
  for (const match of code.matchAll(WHOLE)) {
    const specifier = specifierAt(match.index + match[0].length - 1);
    // `new URL` names the file of a worker, or data, which is no import.
    if (match[0].startsWith('new') && !specifier.endsWith('.ts')) continue;
    imports.push({ specifier, offset: match.index, typeOnly: false, names: ['*'] });
  }
  return imports;
}

function clauseNames(clause: string): string[] {
  if (clause.includes('*')) return ['*'];
  const list = /\{([^}]*)\}/.exec(clause)?.[1] ?? '';
  const names = listNames(list).map(({ from }) => from);
  return /^[\w$]/.test(clause) ? ['default', ...names] : names;
}

/** The pairs of `a as b, type c`. */
function listNames(list: string): { from: string; to: string }[] {
  const entries = list.split(',').map((entry) => entry.trim().replace(/^type\s+/, ''));
  return entries
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [from = '', to = from] = entry.split(/\s+as\s+/);
      return { from, to };
    });
}

function findExports(code: string): Export[] {
  const exports: Export[] = [];
  for (const match of code.matchAll(DECLARED)) {
    const kind = match[1] === 'interface' || match[1] === 'type' ? 'type' : 'value';
    exports.push({ name: match[2] as string, offset: match.index, kind });
  }
  for (const match of code.matchAll(LISTED)) {
    for (const { to } of listNames(match[1] as string)) {
      exports.push({ name: to, offset: match.index, kind: 'list' });
    }
  }
  const byDefault = /^export\s+default\b/m.exec(code);
  if (byDefault !== null) exports.push({ name: 'default', offset: byDefault.index, kind: 'value' });
  return exports;
}

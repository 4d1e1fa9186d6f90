import { type Export, isTesting, lineOf, resolveImport, type Source } from '../lib/source.ts';
import type { Finding, Law, Project } from './project.ts';

/** Files that a tool finds by their name; nobody imports what they export. */
const ENTRIES = [
  /\.(?:test|fuzz|bench)\.ts$/,
  /^packages\/core\/src\/.*\/vectors\.ts$/,
  /^packages\/calin\/src\/cli\/main\.ts$/,
  // What this one exports is called from outside WebAssembly.
  /^packages\/kernel\/assembly\/index\.ts$/,
  /^scripts\/(?:[^/]+|docs\/[^/]+)\.ts$/,
  /^scripts\/lib\/test-reporter\.ts$/,
  /^examples\//,
];

/**
 * Every exported name is used. Use by another file counts; use by a test alone counts for the published libraries
 * (core, client and sim), for helpers named `*.testing.ts`, and for what its own file uses too. A type also counts as
 * used when its own file names it, because a caller needs it to write a signature down.
 */
export const deadExports: Law = (project) => {
  const findings: Finding[] = [];
  const users = usersByName(project);
  for (const source of project.sources.values()) {
    if (ENTRIES.some((entry) => entry.test(source.path))) continue;
    for (const entry of source.exports) {
      if (isAlive(source, entry, users)) continue;
      const line = lineOf(source.text, entry.offset);
      const message = `Nobody uses ${entry.name}: drop it, or the word \`export\`.`;
      findings.push({ path: source.path, line, law: 'dead-export', message });
    }
  }
  return findings;
};

/** Every export has a sentence before it that says what it is. */
export const docstrings: Law = (project) => {
  const findings: Finding[] = [];
  for (const source of project.sources.values()) {
    if (/\.(?:test|fuzz|bench)\.ts$/.test(source.path)) continue;
    let overloaded = '';
    for (const { name, offset, kind } of source.exports.toSorted((a, b) => a.offset - b.offset)) {
      const documented = kind === 'list' || name === overloaded || hasDocstring(source, offset);
      overloaded = name;
      if (documented) continue;
      const message = `Say in a docstring right before it what ${name} is.`;
      findings.push({ path: source.path, line: lineOf(source.text, offset), law: 'docstring', message });
    }
  }
  return findings;
};

function hasDocstring({ text, comments }: Source, offset: number): boolean {
  const before = comments.findLast(({ end }) => end <= offset);
  if (before === undefined || !text.startsWith('/**', before.start)) return false;
  return text.slice(before.end, offset).trim() === '';
}

/** For each file, who imports which of its names. */
function usersByName(project: Project): Map<string, Map<string, Set<string>>> {
  const users = new Map<string, Map<string, Set<string>>>();
  for (const { path, imports } of project.sources.values()) {
    for (const { specifier, names } of imports) {
      const target = resolveImport(path, specifier);
      if (target === undefined) continue;
      const byName = users.get(target) ?? new Map<string, Set<string>>();
      users.set(target, byName);
      for (const name of names) byName.set(name, (byName.get(name) ?? new Set()).add(path));
    }
  }
  return users;
}

function isAlive(
  source: Source,
  { name, kind }: Export,
  users: Map<string, Map<string, Set<string>>>,
): boolean {
  const byName = users.get(source.path);
  const importers = [...(byName?.get(name) ?? []), ...(byName?.get('*') ?? [])];
  if (importers.some((path) => !isTesting(path))) return true;
  const usedHere =
    source.code.split(new RegExp(String.raw`(?<![\w$.])${name.replaceAll('$', '\\$')}(?![\w$])`)).length > 2;
  if (kind === 'type' && usedHere) return true;
  const library = /^packages\/(?:core|client|sim)\//.test(source.path);
  return importers.length > 0 && (library || usedHere || isTesting(source.path));
}

import { isBuiltin } from 'node:module';
import { type Import, isTesting, lineOf, resolveImport, type Source } from '../lib/source.ts';
import type { Finding, Law, Project } from './project.ts';

/** Which workspace packages a package may import. The scripts stand outside and may use all of them. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  core: [],
  kernel: ['core'],
  client: ['core'],
  sim: ['core', 'kernel'],
  explorer: ['client', 'core', 'sim'],
  calin: ['client', 'core', 'kernel', 'sim'],
};

const WORDS = ['base', 'codec', 'crypto', 'primitives', 'spec'] as const;

/** Packages that run without Node, and those that do but for the program in their folder build/. */
const PURE: readonly string[] = ['core', 'client', 'sim'];
const BUILT: readonly string[] = ['kernel', 'explorer'];

/**
 * Which folders of core a folder of core may import; `types` only by `import type`. The ledger and the consensus do
 * not know each other and meet in chain; the mempool does not know the chain: it is told. The network's protocol sees
 * chain and pool through what its host hands it. Ports are types; base is allowed there for the twins that live in
 * memory.
 */
const CORE: Readonly<
  Record<string, { readonly values: readonly string[]; readonly types?: readonly string[] }>
> = {
  base: { values: [] },
  codec: { values: ['base'] },
  crypto: { values: ['base', 'codec'] },
  primitives: { values: ['base', 'codec', 'crypto'] },
  spec: { values: ['base', 'codec', 'crypto', 'primitives'] },
  ports: { values: ['base'], types: [...WORDS, 'p2p'] },
  state: { values: ['base', 'codec', 'crypto', 'primitives'] },
  ledger: { values: [...WORDS, 'state'] },
  consensus: { values: WORDS },
  chain: { values: [...WORDS, 'state', 'ledger', 'consensus'], types: ['ports'] },
  mempool: { values: [...WORDS, 'state', 'ledger'] },
  history: { values: WORDS, types: ['ports'] },
  index: { values: [...WORDS, 'state', 'ledger'] },
  p2p: { values: [...WORDS, 'state'], types: ['ports', 'chain', 'mempool', 'consensus', 'node'] },
  rpc: { values: [...WORDS, 'state', 'ledger'], types: ['node'] },
  node: {
    values: [...WORDS, 'state', 'ledger', 'consensus', 'chain', 'mempool', 'history', 'p2p', 'rpc'],
    types: ['ports'],
  },
};

/** The import table between packages and between the folders of core, and the shape of every import. */
export const importTable: Law = (project) => {
  const findings: Finding[] = [];
  for (const source of project.sources.values()) {
    for (const entry of source.imports) {
      const message = judge(project, source, entry);
      if (message === undefined) continue;
      findings.push({
        path: source.path,
        line: lineOf(source.text, entry.offset),
        law: 'import-table',
        message,
      });
    }
    for (const match of source.code.matchAll(/^export\s+(?:type\s+)?\*/gm)) {
      const message = 'Name what is exported: `export *` hides where a name comes from.';
      findings.push({
        path: source.path,
        line: lineOf(source.text, match.index),
        law: 'import-table',
        message,
      });
    }
  }
  return findings;
};

/** No two files need each other's values, over however many steps. Cycles of types do no harm. */
export const importCycles: Law = (project) => {
  const findings: Finding[] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string): void => {
    if (trail.includes(path)) {
      const cycle = [...trail.slice(trail.indexOf(path)), path].join(' → ');
      findings.push({
        path,
        line: 1,
        law: 'import-cycle',
        message: `These files import each other: ${cycle}.`,
      });
    }
    if (done.has(path) || trail.includes(path)) return;
    trail.push(path);
    for (const next of valueImports(project.sources.get(path))) visit(next);
    trail.pop();
    done.add(path);
  };
  for (const path of project.sources.keys()) visit(path);
  return findings;
};

function valueImports(source: Source | undefined): string[] {
  const entries = source?.imports.filter(({ typeOnly }) => !typeOnly) ?? [];
  return entries.flatMap(({ specifier }) => resolveImport(source?.path ?? '', specifier) ?? []);
}

/** What is wrong with an import, or undefined. */
function judge(project: Project, source: Source, entry: Import): string | undefined {
  const { path } = source;
  const target = resolveImport(path, entry.specifier);
  if (target === undefined) return judgeDependency(project, path, entry.specifier);
  if (!project.paths.has(target)) return `There is no file ${target}; imports name the file with its ending.`;
  const [from, to] = [packageOf(path), packageOf(target)];
  if (from === to || from === undefined) {
    return from === 'core' && !isTesting(path) ? judgeCore(path, target, entry.typeOnly) : undefined;
  }
  if (entry.specifier.startsWith('.'))
    return `Import another package by its name, not by ${entry.specifier}.`;
  if (to === undefined || !PACKAGES[from]?.includes(to))
    return `Package ${from} must not import ${to ?? target}.`;
  return undefined;
}

function judgeDependency(project: Project, path: string, specifier: string): string | undefined {
  const from = packageOf(path);
  const testing = isTesting(path);
  const builds = /^packages\/[^/]+\/build\//.test(path);
  if (isBuiltin(specifier)) {
    const isPure = PURE.includes(from ?? '') || (BUILT.includes(from ?? '') && !builds);
    const pure = isPure && !testing;
    return pure
      ? `Package ${from} runs without Node: leave out ${specifier} and take a port instead.`
      : undefined;
  }
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  const manifests = from === undefined ? ['package.json'] : [`packages/${from}/package.json`];
  if (testing) manifests.push('package.json');
  const known = manifests.some((manifest) => {
    const { dependencies, devDependencies } = JSON.parse(project.texts.get(manifest) ?? '{}');
    return name in { ...dependencies, ...(testing || builds || from === undefined ? devDependencies : {}) };
  });
  return known ? undefined : `${name} is not among the dependencies in ${manifests.join(' or ')}.`;
}

function judgeCore(path: string, target: string, typeOnly: boolean): string | undefined {
  const [from, to] = [coreFolder(path), coreFolder(target)];
  const allowed = CORE[from];
  if (allowed === undefined) return `core/${from} is not in the import table of scripts/tidy/imports.ts.`;
  if (isTesting(target)) return `${target} is for tests only.`;
  if (from === to || allowed.values.includes(to)) return undefined;
  if (!allowed.types?.includes(to)) return `core/${from} must not import core/${to}.`;
  return typeOnly ? undefined : `core/${from} may import core/${to} by \`import type\` only.`;
}

function packageOf(path: string): string | undefined {
  return /^packages\/([^/]+)\//.exec(path)?.[1];
}

function coreFolder(path: string): string {
  return /^packages\/core\/src\/([^/]+)\//.exec(path)?.[1] ?? '.';
}

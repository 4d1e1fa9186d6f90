import { posix } from 'node:path';
import { lineOf, resolveImport } from '../lib/source.ts';
import type { Finding, Law, Project } from './project.ts';

/** Where a document's short path such as `ledger/apply-block.ts` may begin. */
const BASES = [
  'packages/core/src',
  'packages/client/src',
  'packages/sim/src',
  'packages/explorer/src',
  'packages/explorer',
  'packages/calin/src',
  'packages/calin',
];

/** npm commands that need no entry in package.json. */
const NPM_BUILTIN = new Set(['ci', 'install', 'exec', 'pack', 'publish', 'rebuild', 'run', 'version']);

/** Paths that a document names, in links and between backticks, exist; so do the headings a link points to. */
export const documentPaths: Law = (project) => {
  const findings: Finding[] = [];
  for (const [path, text] of project.texts) {
    const report = (offset: number, message: string) =>
      findings.push({ path, line: lineOf(text, offset), law: 'document-path', message });
    if (path.endsWith('.md')) {
      const prose = withoutFences(text);
      for (const match of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
        const message = judgeLink(project, path, match[1] as string);
        if (message !== undefined) report(match.index, message);
      }
      for (const match of prose.matchAll(/`([^`\n]+)`/g)) {
        const named = match[1] as string;
        if (isMissing(project, path, named)) report(match.index, `There is no ${named}.`);
      }
    } else if (path.endsWith('.ts') && !path.endsWith('.test.ts')) {
      for (const match of text.matchAll(/(?<![\w/])docs\/[\w./-]+\.md(#[\w-]+)?/g)) {
        const message = judgeLink(project, '', match[0]);
        if (message !== undefined) report(match.index, message);
      }
    }
  }
  return findings;
};

/** Commands that a document shows exist: scripts of package.json, and commands of `./calin`. */
export const documentCommands: Law = (project) => {
  const findings: Finding[] = [];
  const { scripts = {} } = JSON.parse(project.texts.get('package.json') ?? '{}');
  for (const [path, text] of project.texts) {
    if (!path.endsWith('.md')) continue;
    const report = (offset: number, message: string) =>
      findings.push({ path, line: lineOf(text, offset), law: 'document-command', message });
    for (const match of codeOf(text).matchAll(/\bnpm run ([a-z][\w:-]*)|\bnpm (?!run )([a-z]+)(?=[`\s])/g)) {
      const [shown, script, short = ''] = match;
      const known = (script ?? short) in scripts || (script === undefined && NPM_BUILTIN.has(short));
      if (!known) report(match.index, `package.json has no script for \`${shown}\`.`);
    }
    for (const match of codeOf(text).matchAll(/(?<![\w/.])\.\/calin ([a-z][\w-]*)/g)) {
      const known = project.paths.has(`packages/calin/src/cli/commands/${match[1]}.ts`);
      if (!known) report(match.index, `The command line has no command \`${match[1]}\`.`);
    }
  }
  return findings;
};

/** The text with all but fenced code and code between backticks blanked; offsets stay. */
function codeOf(text: string): string {
  const code = [...text.replace(/[^\n]/g, ' ')];
  for (const { 0: block, index } of text.matchAll(/^```[\s\S]*?^```|`[^`\n]+`/gm)) {
    for (let i = 0; i < block.length; i++) code[index + i] = block[i] as string;
  }
  return code.join('');
}

/** The text with fenced code blanked; offsets stay. */
function withoutFences(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, (block) => block.replace(/[^\n]/g, ' '));
}

/** What is wrong with a link's target, or undefined. */
function judgeLink(project: Project, from: string, target: string): string | undefined {
  if (/^[a-z]+:/.test(target)) return undefined;
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? from : posix.join(posix.dirname(from), file);
  if (!exists(project, path)) return `There is no ${path}.`;
  if (anchor === undefined || !path.endsWith('.md')) return undefined;
  return headings(project.texts.get(path) ?? '').includes(anchor)
    ? undefined
    : `${path} has no heading with the anchor #${anchor}.`;
}

/** The anchors of a document's headings, made as GitHub makes them. */
function headings(text: string): string[] {
  return [...withoutFences(text).matchAll(/^#+ +(.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );
}

/** True for text that is a path of this repository by its looks, and leads nowhere. */
function isMissing(project: Project, from: string, named: string): boolean {
  const path = named.replace(/^\.\//, '').replace(/#.*$/, '');
  if (!/^[\w.@-]+(?:\/[\w.@-]+)*\/?$/.test(path) || /NNNN|NAME/.test(path)) return false;
  const target = resolveImport('', path);
  if (target !== undefined && /^@?calin\/.*\.ts$/.test(path)) return !exists(project, target);
  if (/^[A-Z]+\.md$/.test(path)) return !project.paths.has(path);
  if (!path.includes('/')) return false;
  const [first = ''] = path.split('/');
  const near = posix.join(posix.dirname(from), path);
  if (exists(project, path) || exists(project, near)) return false;
  if (isFolder(project, first)) return true;
  if (!/\/$|\.(?:ts|md|jsonc?|sh)$/.test(path)) return false;
  const bases = BASES.filter((base) => exists(project, posix.join(base, first)));
  return bases.length > 0 && !bases.some((base) => exists(project, posix.join(base, path)));
}

/** True for a file of the project, or a folder that holds one. */
function exists(project: Project, path: string): boolean {
  const bare = path.replace(/\/$/, '');
  return bare === '' || bare === '.' || project.paths.has(bare) || isFolder(project, bare);
}

function isFolder(project: Project, path: string): boolean {
  for (const known of project.paths) if (known.startsWith(`${path}/`)) return true;
  return false;
}

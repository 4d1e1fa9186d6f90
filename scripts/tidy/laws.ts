import { bannedNames } from './bans.ts';
import { documentCommands, documentPaths } from './documents.ts';
import type { Exception } from './exceptions.ts';
import { deadExports, docstrings } from './exports.ts';
import { importCycles, importTable } from './imports.ts';
import { lockfile, manifests } from './manifests.ts';
import type { Finding, Law, Project } from './project.ts';
import { sizes } from './sizes.ts';
import { forbiddenWords } from './words.ts';

const LAWS: readonly Law[] = [
  importTable,
  importCycles,
  bannedNames,
  sizes,
  deadExports,
  docstrings,
  documentPaths,
  documentCommands,
  forbiddenWords,
  manifests,
  lockfile,
];

/** Every breach of every law that no exception excuses, and every exception that excuses nothing. */
export function judgeProject(project: Project, exceptions: readonly Exception[]): Finding[] {
  const all = LAWS.flatMap((law) => law(project));
  const excuses =
    (finding: Finding) =>
    ({ path, law }: Exception) =>
      path === finding.path && law === finding.law;
  const findings = all.filter((finding) => !exceptions.some(excuses(finding)));
  for (const exception of exceptions) {
    if (all.some((finding) => excuses(finding)(exception))) continue;
    const message = `The exception "${exception.reason}" is no longer needed: delete it.`;
    findings.push({ path: exception.path, line: 1, law: exception.law, message });
  }
  return findings.toSorted((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1));
}

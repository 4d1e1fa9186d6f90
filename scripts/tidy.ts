/**
 * Checks the laws of the house: `npm run tidy`, or with `-- --json` for one object per line.
 * STYLE.md says why each law exists; scripts/tidy/ holds them, one file for each kind.
 */
import { EXCEPTIONS } from './tidy/exceptions.ts';
import { judgeProject } from './tidy/laws.ts';
import { readProject } from './tidy/project.ts';

const project = readProject();
const findings = judgeProject(project, EXCEPTIONS);
const json = process.argv.includes('--json');
for (const finding of findings) {
  const { path, line, law, message } = finding;
  console.log(json ? JSON.stringify(finding) : `${path}:${line} ${law}: ${message}`);
}
if (!json) {
  const verdict = findings.length === 0 ? 'tidy' : `${findings.length} findings`;
  console.log(`${project.sources.size} TypeScript files, ${project.paths.size} files in all: ${verdict}`);
}
process.exit(findings.length === 0 ? 0 : 1);

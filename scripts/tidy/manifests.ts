import type { Finding, Law, Project } from './project.ts';

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

const LAW = 'manifest';

/** The files that scripts start exist; dependencies are pinned, used and explained in a decision record. */
export const manifests: Law = (project) => {
  const findings: Finding[] = [];
  const decisions = [...project.texts].filter(([path]) => path.startsWith('docs/decisions/'));
  const explained = decisions.map(([, text]) => text).join('\n');
  const { version } = JSON.parse(project.texts.get('package.json') ?? '{}') as Manifest;
  for (const [path, text] of project.texts) {
    if (!/^(?:packages\/[^/]+\/)?package\.json$/.test(path)) continue;
    const manifest = JSON.parse(text) as Manifest;
    const report = (needle: string, message: string) =>
      findings.push({ path, line: lineWith(text, needle), law: LAW, message });
    for (const command of Object.values(manifest.scripts ?? {})) {
      const missing = command.split(' ').find((word) => word.endsWith('.ts') && !project.paths.has(word));
      if (missing !== undefined) report(command, `There is no ${missing}.`);
    }
    if (manifest.version !== version) report('"version"', `All packages share the version ${version}.`);
    const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
    for (const [name, range] of Object.entries(all)) {
      if (!/^\d+\.\d+\.\d+$/.test(range))
        report(`"${name}"`, `${name} must have one exact version, not ${range}.`);
      if (!isOurs(name) && !explained.includes(`\`${name}\``)) {
        report(`"${name}"`, `No record in docs/decisions says what \`${name}\` is for.`);
      }
    }
    for (const name of Object.keys(manifest.dependencies ?? {})) {
      if (path === 'packages/core/package.json' && !name.startsWith('@noble/')) {
        report(`"${name}"`, 'Core depends on @noble only.');
      }
      if (!isImported(project, path, name)) report(`"${name}"`, `Nothing in this package imports ${name}.`);
    }
  }
  return findings;
};

/** Every package that the lockfile names is in it; `npm ci` refuses to start otherwise. */
export const lockfile: Law = (project) => {
  const path = 'package-lock.json';
  const text = project.texts.get(path);
  if (text === undefined) return [];
  const packages = (JSON.parse(text) as { packages: Record<string, Manifest> }).packages;
  const present = new Set(Object.keys(packages).map((key) => key.replace(/^.*node_modules\//, '')));
  const findings: Finding[] = [];
  for (const [key, { dependencies, optionalDependencies }] of Object.entries(packages)) {
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      if (present.has(name)) continue;
      const message = `${key || 'The workspace'} needs ${name}, which has no entry: \`npm ci\` would refuse.`;
      findings.push({ path, line: lineWith(text, `"${name}"`), law: 'lockfile', message });
    }
  }
  return findings;
};

function isOurs(name: string): boolean {
  return name === 'calin' || name.startsWith('@calin/');
}

function isImported(project: Project, manifest: string, name: string): boolean {
  const folder = manifest.replace('package.json', '');
  for (const { path, imports } of project.sources.values()) {
    if (!path.startsWith(folder)) continue;
    if (imports.some(({ specifier }) => specifier === name || specifier.startsWith(`${name}/`))) return true;
  }
  return false;
}

function lineWith(text: string, needle: string): number {
  return text.slice(0, Math.max(0, text.indexOf(needle))).split('\n').length;
}

import { readFileSync } from 'node:fs';
import type { Rule } from '@calin/core/base/rules.ts';
import type { GeneratedPage } from '../lib/generated.ts';
import { loadModule } from '../lib/load.ts';
import { isTesting } from '../lib/source.ts';
import { fromRoot, listFiles } from '../lib/workspace.ts';

interface DeclaredRule extends Rule {
  readonly id: string;
  /** The file that declares it. */
  readonly path: string;
}

const INTRODUCTION = `# Rules

Every refusal names the rule that was broken. The ids are stable: the RPC, the command line, the explorer and the
tests use the same ones. \`npm run docs\` writes this page from the \`defineRules\` calls in the code.

*Ban points* are added to the score of a peer that sent the input; at 100 it is banned. *Retry* says that the same
input may be accepted later.
`;

/** docs/reference/rules.md: every rule of every package, grouped by the part of the id before the slash. */
export const pages: readonly GeneratedPage[] = [
  { path: 'docs/reference/rules.md', generate: async () => formatRules(await declaredRules()) },
];

async function declaredRules(): Promise<DeclaredRule[]> {
  const declared: DeclaredRule[] = [];
  for (const path of listFiles('packages')) {
    if (!path.endsWith('.ts') || isTesting(path)) continue;
    if (!/^export const \w+ = defineRules\(/m.test(readFileSync(fromRoot(path), 'utf8'))) continue;
    for (const value of Object.values(await loadModule(path))) {
      if (typeof value !== 'function' || !('rules' in value)) continue;
      const rules = Object.entries(value.rules as Record<string, Rule>);
      for (const [id, rule] of rules) declared.push({ id, path, ...rule });
    }
  }
  return declared;
}

/** The page's text. @throws Error when two files declare the same id: a refusal would then mean two things */
export function formatRules(declared: readonly DeclaredRule[]): string {
  const byGroup = new Map<string, DeclaredRule[]>();
  for (const rule of declared.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const group = rule.id.split('/', 1)[0] as string;
    const rules = byGroup.get(group) ?? [];
    const twin = rules.find(({ id }) => id === rule.id);
    if (twin !== undefined) throw new Error(`${rule.id} is declared in ${twin.path} and in ${rule.path}`);
    byGroup.set(group, [...rules, rule]);
  }
  return [INTRODUCTION, ...[...byGroup].map(([group, rules]) => formatGroup(group, rules))].join('\n');
}

function formatGroup(group: string, rules: readonly DeclaredRule[]): string {
  const sources = [...new Set(rules.map(({ path }) => `\`${path}\``))].join(', ');
  const head = `## ${group}\n\nDeclared in ${sources}.\n\n| Rule | What is wrong | What to do | Ban points | Retry |`;
  const rows = rules.map(({ id, message, help, banPoints = 0, retry = false }) => {
    const cells = [`\`${id}\``, message, help, banPoints, retry ? 'yes' : 'no'];
    return `| ${cells.map((cell) => escapeCell(String(cell))).join(' | ')} |`;
  });
  return [head, '| --- | --- | --- | ---: | --- |', ...rows, ''].join('\n');
}

/** What stands between `<` and `>` in a sentence is a word, and no element of a page. */
function escapeCell(text: string): string {
  return text.replace(/[|<]/g, '\\$&');
}

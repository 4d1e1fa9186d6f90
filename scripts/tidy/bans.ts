import { isTesting, lineOf } from '../lib/source.ts';
import type { Finding, Law } from './project.ts';

interface Ban {
  readonly pattern: RegExp;
  /** Why, and what to use instead. */
  readonly message: string;
  /** Folders of core where it is allowed; `sim` is the simulator. */
  readonly allowedIn?: readonly string[];
}

/** Not a member of something, and not a part of a longer name. */
const name = (names: string) => new RegExp(String.raw`(?<![\w$#.])(?:${names})(?![\w$])(?!\s*\??:)`, 'g');

/** What core and the simulator must not name outside tests: nodes could disagree, or a run not be repeated. */
const BANS: readonly Ban[] = [
  {
    pattern: name('Date|performance'),
    message: 'Core has no clock: take `timeMs` as a parameter or an event.',
  },
  {
    pattern: /\bMath\.(?!(?:LN2|abs|ceil|clz32|floor|fround|imul|max|min|round|sign|trunc)\b)[a-zA-Z]\w*/g,
    message: 'Core has no dice, and engines may round this differently: use integers, or the random port.',
  },
  {
    pattern: /\b(?:Intl\b|toLocale\w+|localeCompare)/g,
    message: 'The result depends on the machine: compare with `<`, or bytes with `compareBytes`.',
  },
  {
    pattern: /\bJSON\.stringify\b/g,
    message: 'Hashed and stored bytes come from the codec, not from JSON.',
    allowedIn: ['rpc', 'sim'],
  },
  {
    pattern: /\.(?:sort|toSorted)\(\s*\)/g,
    message: 'Without a comparison numbers are sorted as text: pass one, and prefer toSorted.',
  },
  {
    pattern: name('async|await|Promise'),
    message: 'Core is synchronous: return an effect and take the answer as an event.',
  },
  {
    pattern: name('setTimeout|setInterval|setImmediate|queueMicrotask'),
    message: 'Core has no timers: return a timer effect.',
  },
  { pattern: name('console'), message: 'Core prints nothing: return a log effect.' },
  { pattern: name('process|globalThis|window'), message: 'Core knows no surroundings: take a parameter.' },
  {
    pattern: name('WeakRef|FinalizationRegistry'),
    message: 'The garbage collector decides when: use a bounded map.',
  },
  {
    pattern: /\b(?:randomBytes|randomSecretKey|randomPrivateKey|getRandomValues)\b/g,
    message: 'Core has no dice: take the bytes as a parameter, or the random port.',
  },
];

/** Names that core and the simulator must not use, each with its replacement. */
export const bannedNames: Law = (project) => {
  const findings: Finding[] = [];
  for (const { path, text, code } of project.sources.values()) {
    const [, core, sim] = /^packages\/(?:core\/src\/([^/]+)\/|(sim)\/src\/)/.exec(path) ?? [];
    const folder = core ?? sim;
    if (folder === undefined || isTesting(path)) continue;
    for (const { pattern, message, allowedIn } of BANS) {
      if (allowedIn?.includes(folder)) continue;
      for (const match of code.matchAll(pattern)) {
        const line = lineOf(text, match.index);
        findings.push({ path, line, law: 'banned-name', message: `\`${match[0]}\`: ${message}` });
      }
    }
  }
  return findings;
};

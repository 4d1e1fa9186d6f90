import type { Report } from '../../checkers/checker.ts';
import { EMPTY_HISTORY, entryName, extendHistory } from '../study-node.ts';
import type { Decision, StudyChecker } from './study-checker.ts';

interface AgreedEntry {
  readonly name: string;
  /** The first honest machine that decided it. */
  readonly machine: string;
  /** The chain of all entries up to it. */
  readonly history: string;
}

/**
 * Agreement on the prefix of one log: what one honest machine has decided at an index, all have, then and for ever,
 * restarts included; and each of them decides the entries one after the other.
 */
export class AgreedLog implements StudyChecker {
  readonly invariant = 'agreement';
  readonly #entries: AgreedEntry[] = [];
  readonly #firstAt = new Map<string, number>();
  readonly #positions = new Map<string, number>();
  #isBroken = false;

  /** Entries that somebody honest has decided, from 1 on without gaps. */
  get length(): number {
    return this.#entries.length;
  }

  /** The chain of all entries. */
  get history(): string {
    return this.#entries.at(-1)?.history ?? EMPTY_HISTORY;
  }

  /** True when two honest machines have decided different entries. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** The index at which an entry of this name stands first. */
  firstIndex(name: string): number | undefined {
    return this.#firstAt.get(name);
  }

  /** The last entry that a machine has decided or taken over in this life. */
  position(machine: string): number {
    return this.#positions.get(machine) ?? 0;
  }

  /** A machine starts, with nothing decided. */
  started(machine: string): void {
    this.#positions.set(machine, 0);
  }

  /** A machine takes a state over. */
  adopted(machine: string, index: number, history: string, report: Report): void {
    const known = this.#entries[index - 1];
    this.#positions.set(machine, index);
    if (known?.history === history) return;
    this.#isBroken = true;
    report('A machine has taken over a state that nobody honest has decided.', { machine, index });
  }

  decided({ machine, index, request }: Decision, report: Report): void {
    const position = this.position(machine);
    if (index !== position + 1) report('A machine left entries out.', { machine, position, index });
    this.#positions.set(machine, index);
    const name = entryName(request);
    const known = this.#entries[index - 1];
    if (known?.name === name) return;
    // After a gap, which has been reported, there is nothing to compare with.
    if (known === undefined) return index === this.length + 1 ? this.#add(machine, name, request) : undefined;
    this.#isBroken = true;
    report('Two machines have decided different entries.', {
      index,
      machine,
      entry: name,
      other: known.machine,
      otherEntry: known.name,
    });
  }

  #add(machine: string, name: string, request: Decision['request']): void {
    const history = extendHistory(this.history, request);
    this.#entries.push({ name, machine, history });
    if (request !== undefined && !this.#firstAt.has(name)) this.#firstAt.set(name, this.#entries.length);
  }
}

import { assert } from '../base/assert.ts';
import { isZero } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { utf8Bytes } from '../base/text.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import type { Hash } from '../crypto/hash.ts';
import type { SubmitVerdict } from '../node/events.ts';
import { BUNDLE_TRANSACTIONS_MAX } from './limits.ts';

/** What a node says of one transaction of a bundle. */
export type BundleVerdict =
  | { readonly accepted: true; readonly txid: Hash }
  /** The id is undefined when the bytes are no transaction. docs/reference/rules.md tells what the rule asks for. */
  | { readonly accepted: false; readonly txid: Hash | undefined; readonly rule: string };

/** Bytes of one verdict. */
const VERDICT_BYTES = 36;

/** Rules in one answer: more than there are. */
const RULES_MAX = 1024;

/** Characters of a rule's id: more than any has. */
const RULE_LENGTH_MAX = 64;

const RULE_ID = /^[a-z0-9/-]+$/;

/**
 * Writes the verdicts on a bundle. Layout: count u32, rules u32, the ids of the rules that refused (length u32,
 * ASCII, zeros up to a multiple of 4) in the order in which they come first, then for each transaction 36 bytes: u32 0
 * when it is accepted, else the number of the rule from 1; and its txid, zeros when there is none.
 *
 * @see docs/reference/rpc.md#bundles
 */
export function encodeVerdicts(verdicts: readonly SubmitVerdict[]): Uint8Array<ArrayBuffer> {
  const numbers = new Map<string, number>();
  for (const verdict of verdicts) {
    if (verdict.accepted || numbers.has(verdict.refusal.rule)) continue;
    numbers.set(verdict.refusal.rule, numbers.size + 1);
  }
  const head = encodeHead(verdicts.length, [...numbers.keys()]);
  const bytes = new Uint8Array(head.length + VERDICT_BYTES * verdicts.length);
  bytes.set(head);
  const view = new DataView(bytes.buffer);
  let offset = head.length;
  for (const verdict of verdicts) {
    if (!verdict.accepted) view.setUint32(offset, numbers.get(verdict.refusal.rule) ?? 0, true);
    if (verdict.txid !== undefined) bytes.set(verdict.txid, offset + 4);
    offset += VERDICT_BYTES;
  }
  return bytes;
}

/**
 * Reads what {@link encodeVerdicts} wrote.
 *
 * @returns verdicts whose ids are views of `bytes`; refuses by `codec/…`
 */
export function parseVerdicts(bytes: Uint8Array): Result<readonly BundleVerdict[]> {
  const reader = new Reader(bytes);
  const announced = reader.u32();
  const ruleCount = reader.count(reader.u32(), RULES_MAX, 8);
  const rules: string[] = [];
  for (let i = 0; i < ruleCount && reader.failure === undefined; i++) rules.push(readRule(reader));
  reader.canonical(new Set(rules).size === rules.length, 'each rule is listed once');
  const count = reader.count(announced, BUNDLE_TRANSACTIONS_MAX, VERDICT_BYTES);
  const verdicts: BundleVerdict[] = [];
  let named = 0;
  for (let i = 0; i < count && reader.failure === undefined; i++) {
    const number = reader.u32();
    verdicts.push(readVerdict(reader, rules, number));
    reader.canonical(number <= named + 1, 'rules are listed in the order of their use');
    named = Math.max(named, number);
  }
  reader.canonical(named === rules.length, 'each listed rule is used');
  return reader.finish(verdicts);
}

function encodeHead(count: number, rules: readonly string[]): Uint8Array {
  const writer = new Writer().u32(count).u32(rules.length);
  for (const rule of rules) {
    assert(rule.length <= RULE_LENGTH_MAX && RULE_ID.test(rule), `not the id of a rule: ${rule}`);
    writer.u32(rule.length).bytes(utf8Bytes(rule)).pad4();
  }
  return writer.finish();
}

function readRule(reader: Reader): string {
  const length = reader.count(reader.u32(), RULE_LENGTH_MAX, 1);
  const text = String.fromCharCode(...reader.take(length));
  reader.pad4(0);
  reader.canonical(RULE_ID.test(text), 'the id of a rule is made of letters, digits, - and /');
  return text;
}

function readVerdict(reader: Reader, rules: readonly string[], number: number): BundleVerdict {
  const start = reader.offset;
  const txid = reader.bytes.subarray(start, start + 32);
  reader.offset = start + 32;
  if (number === 0) {
    reader.canonical(!isZero(txid), 'what is accepted has an id');
    return { accepted: true, txid };
  }
  const rule = rules[number - 1];
  if (rule === undefined) reader.fail('codec/limit', { got: number, expected: rules.length });
  return { accepted: false, txid: isZero(txid) ? undefined : txid, rule: rule ?? '' };
}

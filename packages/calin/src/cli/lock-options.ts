import type { IntegerOption, TextOption } from './command.ts';
import { DATA_OPTION, KEYSTORE_OPTION } from './common-options.ts';

/** Keys of a set: as many as a lock takes. */
const KEYS_MAX = 16;

/** What all commands need that make a lock. */
export const LOCK_OPTIONS = {
  name: { kind: 'text', value: 'NAME', required: true, summary: 'What to call it: a-z, 0-9, - and _' },
  data: DATA_OPTION,
  keystore: KEYSTORE_OPTION,
} as const satisfies Record<string, TextOption>;

/** Keys that open a lock together. */
export const KEYS_OPTION = {
  kind: 'text',
  value: 'KEYS',
  required: true,
  summary: 'Up to 16 accounts or public keys, with commas between them',
} as const satisfies TextOption;

/** How many of a set of keys sign. */
export const THRESHOLD_OPTION = {
  kind: 'integer',
  value: 'N',
  min: 1,
  max: KEYS_MAX,
  required: true,
  summary: 'How many of the keys must sign',
} as const satisfies IntegerOption;

/** A height from which on something holds. */
export const HEIGHT_OPTION = {
  kind: 'integer',
  value: 'N',
  min: 1,
  max: 0xffff_ffff,
} as const;

/** Where a partially signed transaction is. */
export const PARTIAL_FILE_OPTION = {
  kind: 'text',
  value: 'FILE',
  required: true,
  summary: 'File of the partially signed transaction',
} as const satisfies TextOption;

import { defineRules } from '../base/rules.ts';

/** Refusals of bytes that are not a canonical encoding, whatever they were meant to be. */
export const refuseCodec = defineRules({
  'codec/truncated': {
    message: 'The bytes end before the value does.',
    help: 'Send the whole encoding.',
    banPoints: 20,
  },
  'codec/trailing-bytes': {
    message: 'There are bytes after the end of the value.',
    help: 'Send exactly one encoded value.',
    banPoints: 20,
  },
  'codec/number-too-large': {
    message: 'A number is above 2^53 − 1.',
    help: 'Numbers on the wire are integers from 0 to 9007199254740991.',
    banPoints: 20,
  },
  'codec/limit': {
    message: 'A list or a field is longer than its limit.',
    help: 'See the limits in docs/reference/encodings.md.',
    banPoints: 20,
  },
  'codec/unknown-tag': {
    message: 'A tag names no known kind.',
    help: 'See the tags in docs/reference/encodings.md; a newer version may know it.',
    banPoints: 10,
  },
  'codec/not-canonical': {
    message: 'The value has another, shorter or ordered encoding, and only that one is accepted.',
    help: 'Encode it with padding zero, lists in order and no repetition.',
    banPoints: 20,
  },
  'codec/text': {
    message: 'A text holds characters that are not allowed.',
    help: 'See the allowed characters in docs/reference/encodings.md.',
    banPoints: 10,
  },
  'codec/hex': {
    message: 'The text is not hexadecimal, or has the wrong length.',
    help: 'Give an even number of the digits 0-9 and a-f.',
  },
  'codec/address': {
    message: 'The text is not an address of this network.',
    help: 'Check it for typing errors; an address starts with the prefix of its network.',
  },
});

import { defineRules } from '@calin/core/base/rules.ts';

/** Refusals of a key file, or of the password for it. */
export const refuseKeystore = defineRules({
  'keystore/wrong-password': {
    message: 'The password is wrong, or the file was changed.',
    help: 'Try the password again, in the same keyboard layout; then compare the file with a backup.',
  },
  'keystore/empty-password': {
    message: 'The password is empty.',
    help: 'Choose a password. It is all that protects the key from whoever gets the file.',
  },
  'keystore/malformed': {
    message: 'The file is not a key file of Calin, or it is damaged.',
    help: 'See docs/reference/keystore.md for the format, and restore the file from a backup.',
  },
  'keystore/unknown-version': {
    message: 'The key file has a version that this program does not know.',
    help: 'Open it with the program that wrote it, or with a newer one.',
  },
  'keystore/parameters': {
    message: 'The key file asks for more work than this program does, or for settings that make no sense.',
    help: 'No key file of Calin has such settings; do not trust where it came from.',
  },
});

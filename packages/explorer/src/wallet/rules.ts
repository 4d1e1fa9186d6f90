import { defineRules } from '@calin/core/base/rules.ts';

/** Refusals of the wallet in the page. */
export const refusePage = defineRules({
  'page/storage': {
    message: 'This browser keeps nothing for this page.',
    help: 'A private window, or a setting that forbids sites to keep data, does that. Open the page in a usual window.',
  },
  'page/storage-full': {
    message: 'There is no room left in this browser for the wallet.',
    help: 'What was there before is still there. Delete data of other sites, and try again.',
  },
  'page/changed': {
    message: 'The wallet was changed in another tab meanwhile.',
    help: 'Look at what it holds now, and do it again.',
    retry: true,
  },
  'page/locked': {
    message: 'The wallet is locked.',
    help: 'Open it with its password.',
  },
  'page/exists': {
    message: 'There is a wallet in this browser already.',
    help: 'Open it; "Forget this wallet" in its settings makes room for another one.',
  },
  'page/network': {
    message: 'The backup is of another network than this node.',
    help: 'Open the page of a node of the network that the evidence names.',
  },
  'page/chain': {
    message: 'The node gives a genesis file that is not that of its chain.',
    help: 'Do not sign anything here. Open the page of a node that you trust.',
  },
  'page/no-phrase': {
    message: 'This wallet has no phrase: it can look, and not sign.',
    help: 'Restore a wallet from a phrase, or from a backup that holds one.',
  },
  'page/declined': {
    message: 'Nothing was signed.',
    help: 'Nothing was sent either.',
  },
  'page/failed': {
    message: 'A part of the page failed.',
    help: 'Load the page again; the wallet lies in the browser as before.',
  },
});

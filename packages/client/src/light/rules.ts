import { defineRules } from '@calin/core/base/rules.ts';

/** Refusals of the light client: of what a server sent, of what it is started with, and of proofs. */
export const refuseLight = defineRules({
  'light/unsupported': {
    message: 'A light client cannot follow a chain with this consensus.',
    help: 'Run a full node. The evidence says what the chain lacks.',
  },
  'light/checkpoint': {
    message: 'The checkpoint is not one of this chain, or does not say what a checkpoint has to say.',
    help: 'Give a chain id, a height and the id of the block, as `calin light --save` writes them.',
  },
  'light/anchor': {
    message: 'The header is not that of the checkpoint.',
    help: 'Ask another server, or check the checkpoint: this server is on another chain.',
    banPoints: 100,
  },
  'light/waiting': {
    message: 'The header of the checkpoint, or what is asked for first, has not come yet.',
    help: 'Give the client what it asks for next.',
    retry: true,
  },
  'light/unexpected': {
    message: 'An update of this kind says nothing about a chain with this consensus.',
    help: 'Give the client what it asks for next.',
    banPoints: 20,
  },
  'light/too-large': {
    message: 'What a server sent is larger than it can be.',
    help: 'Ask another server.',
    banPoints: 50,
  },
  'light/link': {
    message: 'A header does not follow the one before it.',
    help: 'Ask another server.',
    banPoints: 100,
  },
  'light/future': {
    message: 'The time of a header is ahead of the clock.',
    help: 'Check the clock of this machine; ask again when the time has come.',
    retry: true,
  },
  'light/unconnected': {
    message: 'The headers do not follow anything that is known here.',
    help: 'Ask for headers from further back.',
    retry: true,
  },
  'light/reorg-too-deep': {
    message: 'The headers compete with a block that is final here.',
    help: 'Ask another server. If all say so, begin again from a checkpoint that somebody you trust gives you.',
    banPoints: 50,
  },
  'light/tail-weak': {
    message: 'The last headers are too few, or by too few authorities, to stand for those before them.',
    help: 'Ask for more of the last headers, or for all of them.',
    banPoints: 20,
  },
  'light/not-final': {
    message: 'The certificate does not make a block final.',
    help: 'Ask for a link from a checkpoint to the very next one, or for precommits.',
    banPoints: 50,
  },
  'light/header-mismatch': {
    message: 'The header is not that of the block in the certificate.',
    help: 'Ask another server.',
    banPoints: 100,
  },
  'light/set-unknown': {
    message: 'The certificate is signed by a set of validators that is not proved yet.',
    help: 'Ask a server that has been there for longer, for a certificate of an earlier epoch. If nothing became final for a whole epoch, begin again from a newer checkpoint.',
    retry: true,
  },
  'light/set-proof': {
    message: 'The proof does not show that set of validators.',
    help: 'Ask another server.',
    banPoints: 100,
  },
  'light/trust-expired': {
    message:
      'What is trusted is so old that validators of that time may have taken their stake and sign anything.',
    help: 'Begin again from a recent checkpoint that somebody you trust gives you.',
  },
  'light/conflicting-final': {
    message:
      'Two blocks that exclude each other were signed as final. A third of the validators or more are guilty.',
    help: 'Trust neither branch. Keep the evidence, and ask people you trust which one they follow.',
    banPoints: 0,
  },
  'light/not-followed': {
    message: 'No header is followed at that height.',
    help: 'Ask the server for the headers between that block and one that is followed.',
    retry: true,
  },
  'light/value-mismatch': {
    message: 'The value is not the one that the proof is of.',
    help: 'Ask another server.',
    banPoints: 100,
  },
  'light/inclusion': {
    message: 'The path does not lead to the root in the header.',
    help: 'Ask another server.',
    banPoints: 100,
  },
});

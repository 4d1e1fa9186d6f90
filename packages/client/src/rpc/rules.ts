import { defineRules } from '@calin/core/base/rules.ts';

/** Refusals of the client, when it has no answer of the node to pass on. */
export const refuseRpc = defineRules({
  'rpc/unreachable': {
    message: 'No node answers at this URL.',
    help: 'Start one with `calin dev`, or check the URL.',
    retry: true,
  },
  'rpc/timeout': {
    message: 'The node did not answer in time.',
    help: 'Try again. What was sent may have been done: ask for it first.',
    retry: true,
  },
  'rpc/bad-response': {
    message: 'What answered at this URL does not speak JSON-RPC as Calin does.',
    help: 'Check that the URL is that of a Calin node and of a version that fits.',
  },
  'rpc/response-size': {
    message: 'The answer is longer than this client reads.',
    help: 'Ask for less at a time.',
  },
  'rpc/failed': {
    message: 'The node failed at this call without naming a rule.',
    help: 'See the code and the message in the evidence, and the log of the node.',
  },
  'rpc/connection-lost': {
    message: 'The connection to the node broke before it answered.',
    help: 'Try again.',
    retry: true,
  },
});

import { LOOPBACK_LISTEN, type NetworkOptions } from '../host/open-network.ts';
import type { FlagOption, IntegerOption, TextOption, ValuesOf } from './command.ts';

const MINUTE_MS = 60_000;

/** How a node takes part in the network of its chain. */
export const NETWORK_OPTIONS = {
  listen: {
    kind: 'text',
    value: 'ADDR,…',
    summary:
      'Where to listen for other nodes, as in /ip4/0.0.0.0/tcp/8646, /ip4/0.0.0.0/tcp/8647/ws, /p2p-circuit at any relay, or RELAY/p2p-circuit at one',
    otherwise: 'any free port of the loopback, where only this machine reaches it',
    ambient: true,
  },
  bootstrap: {
    kind: 'text',
    value: 'ADDR,…',
    summary: 'Nodes to begin with, beside the seeds of the genesis file; each ends in /p2p/ and its id',
    ambient: true,
  },
  announce: {
    kind: 'text',
    value: 'ADDR,…',
    summary: 'Addresses to tell other nodes, when a router forwards a port',
    otherwise: 'those it listens on and those it learns of',
    ambient: true,
  },
  'no-mdns': {
    kind: 'flag',
    summary: 'Do not look for nodes in the local network; nor does a node that listens on the loopback',
    ambient: true,
  },
  'no-dht': {
    kind: 'flag',
    summary: 'Do not look for nodes in the distributed hash table',
    ambient: true,
  },
  relay: {
    kind: 'flag',
    summary: 'Carry the connections of nodes that nobody can reach',
    ambient: true,
  },
  upnp: { kind: 'flag', summary: 'Ask the router for an open port', ambient: true },
  'end-alone': {
    kind: 'integer',
    value: 'MINUTES',
    summary: 'Stop when there has been no other node for so long',
    otherwise: 'never',
    min: 1,
    max: 525_600,
    ambient: true,
  },
  sync: {
    kind: 'text',
    value: 'HOW',
    choices: ['full', 'snapshot'],
    summary: 'How a new folder gets the chain: by executing every block, or from the state of a final one',
    fallback: 'full',
    ambient: true,
  },
  'no-network': { kind: 'flag', summary: 'Know no other nodes', ambient: true },
} as const satisfies Record<string, FlagOption | IntegerOption | TextOption>;

/** What {@link NETWORK_OPTIONS} say; undefined for a node without a network. */
export function networkChoice(values: ValuesOf<typeof NETWORK_OPTIONS>): NetworkOptions | undefined {
  if (values['no-network']) return undefined;
  const { listen, bootstrap, announce, relay, upnp, 'end-alone': endAlone } = values;
  return {
    listen: listen === undefined ? LOOPBACK_LISTEN : addresses(listen),
    announce: addresses(announce),
    bootstrap: addresses(bootstrap),
    mdns: values['no-mdns'] ? false : undefined,
    dht: !values['no-dht'],
    relay,
    upnp,
    aloneEndMs: endAlone === undefined ? undefined : endAlone * MINUTE_MS,
    sync: values.sync === 'snapshot' ? 'snapshot' : 'full',
  };
}

function addresses(text = ''): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

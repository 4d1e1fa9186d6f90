import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { NODE_OPTIONS } from '../common-options.ts';

const options = NODE_OPTIONS;

/** `calin peers`. */
export const command = defineCommand({
  name: 'peers',
  summary: 'Show whom the node is connected with, and who is banned.',
  arguments: [],
  options,
  examples: ['peers', 'peers --rpc http://127.0.0.1:8645 --json'],
  run: (values, io) => showPeers(values, io),
});

async function showPeers(values: ValuesOf<typeof options>, io: CommandIo) {
  const { connect } = await import('../wallet/connect.ts');
  const { formatPeers } = await import('../present-peers.ts');
  const { printable } = await import('../output.ts');
  const connection = await connect(values);
  if (!connection.ok) return connection;
  const { client } = connection.value;
  const network = await client.call('net_peers', {});
  if (!network.ok) return network;
  const bans = await client.call('net_bans', {});
  if (!bans.ok) return bans;
  const text = formatPeers(network.value, bans.value, Date.now());
  io.answer({ json: { ...network.value, bans: bans.value }, text: printable(text) });
  return ok(undefined);
}

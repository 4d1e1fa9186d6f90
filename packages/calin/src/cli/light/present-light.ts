import { followLight, type LightProgress } from '@calin/client/light/follow-light.ts';
import { type ProvedBalance, proveBalance } from '@calin/client/light/prove-balance.ts';
import { formatAssetAmount, NATIVE_UNITS } from '@calin/client/wallet/asset-units.ts';
import { assert } from '@calin/core/base/assert.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { formatAddress } from '@calin/core/primitives/address.ts';
import type { Answer, CommandIo } from '../command.ts';
import { formatFields, printable } from '../output.ts';
import type { OpenedLight } from './open-light.ts';

/** How often a node is asked for what is new. */
const POLL_MS = 2_000;

/** What a light client has come to, and what it proved of the account. */
export async function describeLight(opened: OpenedLight): Promise<Result<Answer>> {
  const { client, server, spec, address, root, received } = opened;
  const { final, head, trustedUntilMs, mode } = client;
  assert(final !== undefined && head !== undefined, 'a client that has caught up follows something');
  const account = address === undefined ? undefined : { address, addressPrefix: spec.addressPrefix };
  const balance = account === undefined ? ok(undefined) : await proveBalance(server, final, account);
  if (!balance.ok) return balance;
  const at = ({ id, header }: typeof final) => ({
    height: header.height,
    id: toHex(id),
    timeMs: header.timeMs,
  });
  const json = {
    url: server.url,
    chainId: toHex(client.chainId),
    mode,
    final: at(final),
    head: at(head),
    trust: { root, untilMs: trustedUntilMs ?? null },
    bytes: { checked: client.bytes, received: received() },
    ...(account === undefined
      ? {}
      : { balance: balanceJson(formatAddress(account.address, account.addressPrefix), balance.value) }),
  };
  const text = formatFields([
    ['Node', server.url],
    ['Chain', toHex(client.chainId)],
    ['Followed by', mode === 'headers' ? 'all headers' : 'proofs of finality'],
    ['Final', `${final.header.height}, ${new Date(final.header.timeMs).toISOString()}, ${toHex(final.id)}`],
    ...(mode === 'headers' ? [['Head', `${head.header.height}, ${toHex(head.id)}`] as const] : []),
    ['Trust', describeTrust(root, trustedUntilMs)],
    ['Read', `${client.bytes} bytes that were checked, ${received()} in all`],
    ...balanceLines(balance.value),
  ]);
  return ok({ json, text: printable(text) });
}

/** Follows until Ctrl-C, with a line for each final block that is new. */
export async function followToTerminal(
  { client, server, received }: OpenedLight,
  io: CommandIo,
): Promise<Result<undefined>> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  let told = client.final?.header.height;
  const onProgress = ({ headHeight, finalHeight }: LightProgress): void => {
    if (finalHeight === told) return;
    told = finalHeight;
    const { chainId, final, bytes } = client;
    const id = toHex(final?.id ?? chainId);
    io.note(`final ${finalHeight} ${id}  head ${headHeight}  ${bytes} bytes checked, ${received()} in all`);
  };
  const options = { nowMs: Date.now, pollMs: POLL_MS, signal: stop.signal, onProgress };
  const followed = await followLight(client, server, options);
  process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  return followed;
}

function describeTrust(root: string, untilMs: number | undefined): string {
  if (untilMs === undefined) return `from ${root}, without an end`;
  return `from ${root}; good to go on from until ${new Date(untilMs).toISOString()}`;
}

function balanceLines(balance: ProvedBalance | undefined): readonly (readonly [string, string])[] {
  if (balance === undefined) return [];
  const { coins, height, complete } = balance;
  const rest = complete ? '' : '; there are more, which were not asked for';
  return [
    ...[...balance.amounts].map(([asset, amount]) => ['Proved', describeAmount(asset, amount)] as const),
    ['Coins', `${coins} proved after block ${height}${rest}`],
  ];
}

/** Symbol and decimals of a token are what a node says, so they are not used here. */
function describeAmount(asset: number, amount: number): string {
  const isNative = asset === NATIVE_UNITS.asset;
  return `${isNative ? formatAssetAmount(amount, NATIVE_UNITS) : `${amount} base units of asset ${asset}`} or more`;
}

function balanceJson(address: string, balance: ProvedBalance | undefined) {
  return {
    address,
    height: balance?.height,
    coins: balance?.coins,
    complete: balance?.complete,
    atLeast: [...(balance?.amounts ?? [])].map(([asset, amount]) => ({ asset, amount })),
  };
}

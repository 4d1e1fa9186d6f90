import { type RunningDev, rpc, type Workplace } from '../e2e/calin.testing.ts';

/** A chain on which something has happened, for pictures of its pages. */
export interface DemoChain {
  readonly node: RunningDev;
  /** A payment, and who got it. */
  readonly txid: string;
  readonly address: string;
  /** The height of its block. */
  readonly height: number;
  readonly asset: number;
}

interface Sent {
  readonly txid: string;
  readonly to: string;
  readonly block: { readonly height: number };
  readonly asset: number;
}

/** Starts a development chain, pays, makes a token and lets two branches compete. */
export async function startDemoChain(place: Workplace): Promise<DemoChain> {
  const node = await place.start();
  const send = async (from: string, to: string, amount: string): Promise<Sent> =>
    (await place.json(['send', '--from', from, '--to', to, '--amount', amount])) as Sent;
  const token = ['--symbol', 'TEA', '--name', 'A cup of tea', '--supply', '5000', '--decimals', '2'];
  const { asset } = (await place.json(['token', 'create', '--from', 'dev0', ...token])) as Sent;
  for (let i = 0; i < 5; i++) await send(`dev${i}`, `dev${i + 3}`, `${(i + 1) * 7}.25`);
  await rpc(node.url, 'dev_reorg', { depth: 2 });
  const [paid] = await Promise.all([send('dev7', 'dev1', '120'), send('dev8', 'dev2', '3.5')]);
  return { node, txid: paid.txid, address: paid.to, height: paid.block.height, asset };
}

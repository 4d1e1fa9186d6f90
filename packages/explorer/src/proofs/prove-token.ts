import { ask, type LightServer } from '@calin/client/light/ask-server.ts';
import { proveValue } from '@calin/client/light/verify-state.ts';
import { fromHex, isZero, toHex } from '@calin/core/base/bytes.ts';
import { assetKey, readToken, type Token } from '@calin/core/ledger/token.ts';
import { formatAddress } from '@calin/core/primitives/address.ts';
import { stateGetProof } from '@calin/core/rpc/methods/state-get-proof.ts';
import { tokenGet } from '@calin/core/rpc/methods/token-get.ts';
import { NAMESPACE } from '@calin/core/state/namespaces.ts';
import type { TokenJson } from '../node/shapes.ts';
import { proved, type Verdict, wrong } from './claims.ts';
import type { FollowedChain } from './followed-chain.ts';
import { isSame } from './is-same.ts';
import { judgeRefusal } from './judge-refusal.ts';

/** Checks the terms of a token, its supply included, against the state after the newest header that is followed. */
export async function proveToken(
  said: TokenJson,
  chain: FollowedChain,
  server: LightServer,
): Promise<Verdict> {
  const own = await chain.newest();
  if (!own.ok) return judgeRefusal(own.error);
  const { header } = own.value;
  const params = { token: said.asset, height: header.height };
  const answer = await ask(server, 'state_getProof', params, stateGetProof.result);
  if (!answer.ok) return judgeRefusal(answer.error);
  const { value, proof } = answer.value;
  const bytes = value === null ? undefined : fromHex(value);
  const name = { namespace: NAMESPACE.token, key: assetKey(said.asset) };
  const present = proveValue(header, name, { value: bytes, proof: fromHex(proof) });
  if (!present.ok) return judgeRefusal(present.error);
  if (bytes === undefined) return wrong('light/value-mismatch', 'The chain has no such token.');
  // What is proved is what the ledger wrote.
  const real = readToken({ coin: () => undefined, value: () => bytes }, said.asset);
  const expected = real && presentToken(said.asset, real, chain.spec.addressPrefix);
  if (isSame(expected, said)) {
    const what =
      'The record of the token in the state says the same: its terms, who may mint, and how much there is.';
    return proved(header.height, chain, what);
  }
  // It may have been minted or burned between the two answers: then the node says otherwise now.
  const now = await ask(server, 'token_get', { asset: said.asset }, tokenGet.result);
  if (now.ok && isSame(expected, now.value)) return { kind: 'open', why: 'It has changed meanwhile.' };
  return wrong('light/value-mismatch', 'The record of the token in the state says something else.');
}

function presentToken(asset: number, token: Token, prefix: string): TokenJson {
  const { symbol, name, decimals, supply, supplyMax, minter, height, txid } = token;
  const mintedBy = isZero(minter) ? null : formatAddress(minter, prefix);
  return { asset, symbol, name, decimals, supply, supplyMax, minter: mintedBy, height, txid: toHex(txid) };
}

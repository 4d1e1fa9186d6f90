import { ok, type Result } from '@calin/core/base/result.ts';
import { type Address, keyAddress } from '@calin/core/primitives/address.ts';
import { accountKey } from '../keys/hd.ts';
import { WALLET_LIMITS } from './wallet-document.ts';

/** Unused accounts in a row after which nobody looks further, as BIP-44 has it. */
const ACCOUNT_GAP = 20;
/** Accounts that are looked at: as many as a wallet may have. */
const ACCOUNTS_MAX = WALLET_LIMITS.accounts;

/** How far a search has come. */
export interface SearchProgress {
  /** Accounts that have been looked at. */
  readonly looked: number;
  readonly used: number;
}

/**
 * Finds the accounts of a phrase that have ever been used: looks at twenty at a time, until twenty in a row are unused.
 *
 * @param wereUsed - says of each address whether it holds anything or stands in any transaction; its refusal is given
 *   back
 * @returns the indexes, ascending
 * @see https://github.com/bitcoin/bips/blob/master/bip-0044.mediawiki#address-gap-limit
 */
export async function findAccounts(
  seed: Uint8Array,
  wereUsed: (addresses: readonly Address[]) => Promise<Result<readonly boolean[]>>,
  progress: (progress: SearchProgress) => void = () => {},
): Promise<Result<readonly number[]>> {
  const used: number[] = [];
  for (let looked = 0; looked < ACCOUNTS_MAX && looked - (used.at(-1) ?? -1) - 1 < ACCOUNT_GAP; ) {
    // No further than the gap reaches, so that no address is asked for in vain: whoever answers sees them all.
    const wanted = ACCOUNT_GAP - (looked - (used.at(-1) ?? -1) - 1);
    const count = Math.min(wanted, ACCOUNTS_MAX - looked);
    const indexes = Array.from({ length: count }, (_, i) => looked + i);
    const answers = await wereUsed(indexes.map((index) => keyAddress(accountKey(seed, index).publicKey)));
    if (!answers.ok) return answers;
    used.push(...indexes.filter((_, i) => answers.value[i] === true));
    looked += count;
    progress({ looked, used: used.length });
  }
  return ok(used);
}

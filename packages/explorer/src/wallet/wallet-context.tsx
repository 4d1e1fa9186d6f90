import type { WalletChain } from '@calin/client/wallet/wallet-chain.ts';
import type { WalletAccount, WalletDocument } from '@calin/client/wallet/wallet-document.ts';
import type { Result } from '@calin/core/base/result.ts';
import { formatAddress, keyAddress } from '@calin/core/primitives/address.ts';
import { createContext, type ReactNode, useContext, useMemo, useSyncExternalStore } from 'react';
import type { WalletChange, WalletSession, WalletState } from './wallet-session.ts';

/** A wallet that is open, as its pages have it. */
export interface OpenWallet {
  /** All that it holds but its phrase. */
  readonly document: WalletDocument;
  /** False for a wallet that can only look. */
  readonly hasPhrase: boolean;
  /** True on a development chain, where coins can be had for nothing. */
  readonly isDev: boolean;
  readonly session: WalletSession;
  /** The node, and the chain it is on, with its newest head. */
  readonly chain: WalletChain;
  /** Changes the wallet and keeps it; made again on the newest one when another tab was quicker. */
  edit(change: WalletChange): Promise<Result<undefined>>;
  /** The account of an address; undefined when the wallet has no key for it. */
  accountFor(address: string): WalletAccount | undefined;
  /** How the network writes the address of an account. */
  addressOf(account: Pick<WalletAccount, 'publicKey'>): string;
  lock(): void;
}

const Context = createContext<OpenWallet | undefined>(undefined);

/** The state of a session, as it goes on. */
export function useSessionState(session: WalletSession): WalletState {
  return useSyncExternalStore(
    (listener) => session.subscribe(listener),
    () => session.state,
  );
}

/** Gives an open wallet to the pages below it. */
export function WalletProvider({
  session,
  state,
  chain,
  isDev,
  children,
}: {
  readonly session: WalletSession;
  readonly state: Extract<WalletState, { kind: 'open' }>;
  readonly chain: WalletChain;
  readonly isDev: boolean;
  readonly children: ReactNode;
}) {
  const { document, hasPhrase } = state;
  const value = useMemo((): OpenWallet => {
    const { addressPrefix } = chain.network;
    const addressOf = ({ publicKey }: Pick<WalletAccount, 'publicKey'>) =>
      formatAddress(keyAddress(publicKey), addressPrefix);
    const byAddress = new Map(document.accounts.map((account) => [addressOf(account), account]));
    return {
      document,
      hasPhrase,
      isDev,
      session,
      chain,
      edit: (change) => session.edit(change),
      accountFor: (address) => byAddress.get(address),
      addressOf,
      lock: () => session.lock(),
    };
  }, [session, document, hasPhrase, chain, isDev]);
  return <Context value={value}>{children}</Context>;
}

/** The wallet that is open. Only for what is drawn on its pages. */
export function useWallet(): OpenWallet {
  const wallet = useContext(Context);
  if (wallet === undefined) throw new Error('no wallet is open here');
  return wallet;
}

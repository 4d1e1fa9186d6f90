import { type ComponentType, lazy } from 'react';
import type { IconName } from '../../ui/icon.tsx';

/** A page of the wallet. */
export interface WalletSection {
  /** The part of the path after /wallet/. */
  readonly path: string;
  readonly name: string;
  readonly icon: IconName;
  /** Draws it; `item` is the part of the path after that of the section. */
  readonly Section: ComponentType<{ readonly item: string | undefined }>;
}

/** The pages of the wallet in the order of their navigation; the first one is at /wallet too. */
export const SECTIONS: readonly WalletSection[] = [
  {
    path: 'overview',
    name: 'Overview',
    icon: 'wallet',
    Section: lazy(() => import('./overview-section.tsx').then((file) => ({ default: file.OverviewSection }))),
  },
  {
    path: 'send',
    name: 'Send',
    icon: 'arrow',
    Section: lazy(() => import('./send-section.tsx').then((file) => ({ default: file.SendSection }))),
  },
  {
    path: 'receive',
    name: 'Receive',
    icon: 'code',
    Section: lazy(() => import('./receive-section.tsx').then((file) => ({ default: file.ReceiveSection }))),
  },
  {
    path: 'history',
    name: 'History',
    icon: 'clock',
    Section: lazy(() => import('./history-section.tsx').then((file) => ({ default: file.HistorySection }))),
  },
  {
    path: 'tokens',
    name: 'Tokens',
    icon: 'coins',
    Section: lazy(() =>
      import('./tokens/tokens-section.tsx').then((file) => ({ default: file.TokensSection })),
    ),
  },
  {
    path: 'locks',
    name: 'Locks',
    icon: 'lock',
    Section: lazy(() => import('./locks/locks-section.tsx').then((file) => ({ default: file.LocksSection }))),
  },
  {
    path: 'contacts',
    name: 'Contacts',
    icon: 'address',
    Section: lazy(() => import('./contacts-section.tsx').then((file) => ({ default: file.ContactsSection }))),
  },
  {
    path: 'messages',
    name: 'Messages',
    icon: 'pen',
    Section: lazy(() => import('./messages-section.tsx').then((file) => ({ default: file.MessagesSection }))),
  },
  {
    path: 'settings',
    name: 'Settings',
    icon: 'tools',
    Section: lazy(() => import('./settings-section.tsx').then((file) => ({ default: file.SettingsSection }))),
  },
];

import { describeCoinMap } from '@calin/core/state/coin-map.testing.ts';
import { createKernelCoinMap } from './kernel-coin-map.ts';

describeCoinMap('kernel coin map', (coinsMax) => createKernelCoinMap({ coinsMax }));
describeCoinMap('kernel coin map of four shards', (coinsMax) => createKernelCoinMap({ coinsMax, shards: 4 }));

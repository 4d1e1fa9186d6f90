import { describeCoinMap } from './coin-map.testing.ts';
import { TreeCoinMap } from './tree-coin-map.ts';

describeCoinMap('TreeCoinMap', (coinsMax) => new TreeCoinMap({ coinsMax }));

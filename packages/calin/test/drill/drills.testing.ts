import { clusterDrill } from './cluster-drill.testing.ts';
import type { Drill } from './drill.testing.ts';
import { natDrill } from './nat-drill.testing.ts';
import { partitionDrill } from './partition-drill.testing.ts';
import { publicDrill } from './public-drill.testing.ts';

/** All there are. */
export const DRILLS: readonly Drill[] = [clusterDrill, partitionDrill, publicDrill, natDrill];

import { drillTest } from './drill-test.testing.ts';
import { partitionDrill } from './partition-drill.testing.ts';

drillTest(partitionDrill);

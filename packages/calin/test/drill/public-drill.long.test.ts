import { drillTest } from './drill-test.testing.ts';
import { publicDrill } from './public-drill.testing.ts';

drillTest(publicDrill);

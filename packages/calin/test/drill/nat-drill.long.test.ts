import { drillTest } from './drill-test.testing.ts';
import { natDrill } from './nat-drill.testing.ts';

drillTest(natDrill);

import { writeSync } from 'node:fs';
import { packSignatureChecks } from '@calin/core/crypto/signature-records.ts';
import { signedChecks } from './signed-checks.testing.ts';
import { WorkerCompute } from './worker-compute.ts';

/** A process that has signatures checked and then leaves, with `close` or without: it must end by itself. */
const compute = new WorkerCompute({ workers: 2, log: { write: () => {} } });
const checks = signedChecks(1000, [500]);
compute.checkSignatures(packSignatureChecks(checks), (valid) => {
  writeSync(1, `${valid.length} ${valid.indexOf(0)}`);
  if (process.argv[2] === 'close') void compute.close();
});

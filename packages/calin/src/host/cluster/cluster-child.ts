/**
 * One node of a local network: the command line, which ends with the process that started it, however that ended.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));

const { runCommandLine } = await import('../../cli/run-command.ts');
process.exitCode = await runCommandLine(process.argv.slice(2));
// The channel to the parent would keep a node alive that has ended.
if (process.connected) process.disconnect();

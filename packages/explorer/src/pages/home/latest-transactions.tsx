import { Link } from '@tanstack/react-router';
import { HeightLink } from '../../ui/height-link.tsx';
import { Loading } from '../../ui/loading.tsx';
import { NameLink } from '../../ui/name-link.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Pill } from '../../ui/pill.tsx';
import { Table } from '../../ui/table.tsx';
import { useChainNow } from './use-chain-now.ts';

const ROWS = 8;

/** What waits, the best first, and then what the last blocks have taken, rewards left out. */
export function LatestTransactions() {
  const { pool, blocks } = useChainNow();
  const waiting = pool?.entries.slice(0, ROWS).map(({ txid }) => ({ txid, height: undefined })) ?? [];
  const taken = blocks?.flatMap(({ header: { height }, firstTxids }) =>
    firstTxids.map((txid) => ({ txid, height })),
  );
  const rows = [...new Map([...waiting, ...(taken ?? [])].map((row) => [row.txid, row])).values()].slice(
    0,
    ROWS,
  );
  const all = (
    <Link to="/mempool" className="link">
      Mempool
    </Link>
  );
  return (
    <Panel title="Latest transactions" aside={all} isFlush={taken !== undefined && rows.length > 0}>
      {taken === undefined ? (
        <Loading lines={8} />
      ) : rows.length === 0 ? (
        <p className="text-sm text-soft">
          Nothing waits, and the last blocks hold rewards only. What is sent appears here at once.
        </p>
      ) : (
        <Table label="Transactions" columns={['Transaction', '>Block']}>
          {rows.map(({ txid, height }) => (
            <tr key={txid} className="animate-arrive">
              <td>
                <NameLink kind="transaction" name={txid} />
              </td>
              <td className="text-right">
                {height === undefined ? <Pill tone="warn">waiting</Pill> : <HeightLink height={height} />}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  );
}

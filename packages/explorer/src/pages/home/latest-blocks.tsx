import { Link } from '@tanstack/react-router';
import { BlockTable } from '../../ui/block-table.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useChainNow } from './use-chain-now.ts';

/** The last blocks in words. */
export function LatestBlocks() {
  const { blocks, status, blockGasMax } = useChainNow();
  const all = (
    <Link to="/blocks" className="link">
      All blocks
    </Link>
  );
  return (
    <Panel title="Latest blocks" aside={all} isFlush={blocks !== undefined}>
      {blocks === undefined ? (
        <Loading lines={8} />
      ) : (
        <BlockTable
          blocks={blocks.slice(0, 8)}
          finalHeight={status?.final.height ?? 0}
          blockGasMax={blockGasMax}
        />
      )}
    </Panel>
  );
}

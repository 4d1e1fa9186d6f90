import { useQuery } from '@tanstack/react-query';
import { validatorsQuery } from '../../node/queries.ts';
import { ProofMark } from '../../proofs/proof-mark.tsx';
import { Amount } from '../../ui/amount.tsx';
import { Loading } from '../../ui/loading.tsx';
import { NameLink } from '../../ui/name-link.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Pill } from '../../ui/pill.tsx';
import { RefusalNotice } from '../../ui/refusal-notice.tsx';
import { Table } from '../../ui/table.tsx';
import { formatCount, formatShare } from '../../words/format-units.ts';

const COLUMNS = ['Validator', 'State', '>Weight', '>Share', '>Signed', '>Keeps'];

/** The validators of the present epoch and the candidates for later ones. */
export function ValidatorTable() {
  const { data, error } = useQuery(validatorsQuery);
  if (error !== null) return <RefusalNotice error={error} />;
  if (data === undefined) {
    return (
      <Panel title="Validators">
        <Loading />
      </Panel>
    );
  }
  const { kind, epoch, firstHeight, lastHeight, totalWeight, certificates, validators } = data.set;
  const stretch = `epoch ${formatCount(epoch)}, blocks ${formatCount(firstHeight)} to ${formatCount(lastHeight)}`;
  return (
    <Panel
      title="Validators"
      aside={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {stretch} <ProofMark claim={{ kind: 'validators', ...data }} subject={`validators ${epoch}`} />
        </span>
      }
      isFlush
    >
      <Table label="Validators" columns={COLUMNS}>
        {validators.map(({ publicKey, address, weight, signed, pool }) => (
          <tr key={publicKey}>
            <td>
              <NameLink kind="address" name={address} />
            </td>
            <td>{stateOf(weight, pool)}</td>
            <td className="text-right">
              {weight === 0 ? (
                <span className="text-soft">none</span>
              ) : kind === 'stake' ? (
                <Amount units={weight} />
              ) : (
                formatCount(weight)
              )}
            </td>
            <td className="text-right text-soft">{formatShare(weight, totalWeight)}</td>
            <td className="text-right">
              {signed === null || certificates === null ? '–' : formatShare(signed, certificates)}
            </td>
            <td className="text-right">{pool === null ? '–' : `${pool.commissionPermille / 10} %`}</td>
          </tr>
        ))}
      </Table>
    </Panel>
  );
}

function stateOf(weight: number, pool: { readonly isConvicted: boolean; readonly isJailed: boolean } | null) {
  if (pool?.isConvicted === true) return <Pill tone="bad">convicted</Pill>;
  if (pool?.isJailed === true) return <Pill tone="warn">in jail</Pill>;
  return weight > 0 ? <Pill tone="good">in the set</Pill> : <Pill>candidate</Pill>;
}

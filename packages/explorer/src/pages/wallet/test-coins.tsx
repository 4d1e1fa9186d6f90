import { ok } from '@calin/core/base/result.ts';
import { rpc } from '../../node/rpc.ts';
import { Icon } from '../../ui/icon.tsx';
import { useDeed } from '../../wallet/use-deed.ts';

/** Hugs that a press gives. */
const GIFT = 100 * 1e8;

/** Pays coins for nothing, on development chains. */
export function TestCoins({ address, name }: { readonly address: string; readonly name: string }) {
  const deed = useDeed();
  const give = () =>
    deed.run(async () => {
      const answer = await rpc.call('dev_faucet', { address, amount: GIFT });
      return answer.ok ? ok(undefined) : answer;
    });
  return (
    <div className="flex flex-wrap items-center gap-3">
      <button
        type="button"
        className="button"
        onClick={() => void give()}
        disabled={deed.isBusy}
        aria-label={`Get 100 test coins for ${name}`}
      >
        <Icon name="coins" /> Get 100 test coins
      </button>
      {deed.error !== undefined && (
        <span role="alert" className="text-bad text-sm">
          {deed.error}
        </span>
      )}
    </div>
  );
}

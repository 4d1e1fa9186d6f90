import { useNavigate } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { ROUTES } from '../../routes.ts';

/** Takes another block to the lab. */
export function BlockPicker({ height }: { readonly height: number | undefined }) {
  const navigate = useNavigate();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const block = String(new FormData(event.currentTarget).get('block') ?? '').trim();
    void (block === '' ? navigate({ to: ROUTES.lab }) : navigate({ to: ROUTES.labBlock, params: { block } }));
  };
  return (
    <form onSubmit={submit} className="flex items-end gap-2" key={height}>
      <label className="flex items-center gap-2 text-sm text-soft">
        Block
        <input
          name="block"
          defaultValue={height}
          placeholder="latest"
          autoComplete="off"
          spellCheck={false}
          className="field w-32!"
        />
      </label>
      <button type="submit" className="button">
        Take it
      </button>
    </form>
  );
}

import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { statusQuery } from '../node/queries.ts';
import { rpc } from '../node/rpc.ts';
import type { SearchResultJson } from '../node/shapes.ts';
import { Icon } from '../ui/icon.tsx';
import { findPlace } from './find-place.ts';
import { SearchResults } from './search-results.tsx';

/** Finds a block, transaction or address. The key `/` leads here from anywhere. */
export function SearchBox() {
  const input = useRef<HTMLInputElement>(null);
  const [failure, setFailure] = useState('');
  const [results, setResults] = useState<readonly SearchResultJson[]>([]);
  const go = useSearch(setFailure, setResults);
  const forget = () => {
    setFailure('');
    setResults([]);
  };
  useSlashKey(() => input.current?.focus());
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const field = input.current;
    if (field !== null && (await go(field.value))) {
      field.value = '';
      field.blur();
    }
  };
  return (
    <search className="relative min-w-0 flex-1">
      <form onSubmit={submit}>
        <Icon name="search" className="pointer-events-none absolute top-2.5 left-3 size-4 text-soft" />
        <input
          ref={input}
          type="text"
          name="search"
          autoComplete="off"
          spellCheck={false}
          aria-label="Search for a height, a hash, an address or a token"
          aria-describedby={failure === '' ? undefined : 'search-failure'}
          aria-invalid={failure !== ''}
          placeholder="Height, hash, address or token"
          onChange={forget}
          onKeyDown={({ key }) => key === 'Escape' && forget()}
          className="field pr-9 pl-9"
        />
        <kbd
          aria-hidden
          className="absolute top-2 right-2.5 hidden rounded border border-line px-1.5 text-soft text-xs leading-5 sm:block"
        >
          /
        </kbd>
      </form>
      {failure !== '' && (
        <p
          id="search-failure"
          role="alert"
          className="panel absolute top-11 right-0 left-0 z-10 px-3 py-2 text-sm shadow-lg"
        >
          {failure}
        </p>
      )}
      {results.length > 0 && (
        <div className="panel absolute top-11 right-0 left-0 z-20 p-1 text-sm shadow-lg">
          <SearchResults results={results} chosen={forget} />
        </div>
      )}
    </search>
  );
}

/** Goes where a text leads, or shows what it may mean; says why when it leads nowhere. */
function useSearch(
  fail: (reason: string) => void,
  show: (results: readonly SearchResultJson[]) => void,
): (text: string) => Promise<boolean> {
  const navigate = useNavigate();
  const { data: status } = useQuery(statusQuery);
  return async (text) => {
    const prefix = status?.addressPrefix ?? 'cal';
    const place = findPlace(text, prefix);
    if (place.kind === 'block') await navigate({ to: '/block/$block', params: { block: place.block } });
    else if (place.kind === 'address') {
      await navigate({ to: '/address/$address', params: { address: place.address } });
    } else if (place.kind === 'hash') {
      const block = await rpc.call('chain_getHeader', { id: place.hash });
      if (block.ok) await navigate({ to: '/block/$block', params: { block: place.hash } });
      else await navigate({ to: '/tx/$txid', params: { txid: place.hash } });
    } else {
      const found =
        text.trim() === '' ? undefined : await rpc.call('search_find', { text: text.trim(), limit: 8 });
      if (found?.ok === true && found.value.results.length > 0) show(found.value.results);
      else
        fail(
          `Nothing is called so. Addresses begin with ${prefix}1, hashes have 64 digits; their beginnings will do.`,
        );
      return false;
    }
    return true;
  };
}

function useSlashKey(pressed: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const { target } = event;
      const isTyping = target instanceof HTMLElement && target.closest('input, textarea, select') !== null;
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      pressed();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [pressed]);
}

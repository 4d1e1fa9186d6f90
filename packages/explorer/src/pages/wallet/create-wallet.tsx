import { type FormEvent, useRef, useState } from 'react';
import { Notice } from '../../ui/notice.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { choosePlaces, wrongPlaces } from '../../wallet/ask-back.ts';
import type { WayProps } from './first-run.tsx';
import { PhraseWords } from './phrase-words.tsx';
import { SealForm } from './seal-form.tsx';
import { Step } from './step.tsx';

type Stage = 'length' | 'show' | 'ask' | 'seal';

/** A new phrase: shown once, asked back, and sealed. */
export function CreateWallet({ browser: { session }, addressPrefix }: WayProps) {
  const [stage, setStage] = useState<Stage>('length');
  // Not in the state of the page, which tools for developers list.
  const phrase = useRef('');
  const begin = async (words: 12 | 24) => {
    phrase.current = await session.createPhrase(words);
    setStage('show');
  };
  switch (stage) {
    case 'length':
      return <ChooseLength begin={(words) => void begin(words)} />;
    case 'show':
      return (
        <Step title="Write these words down">
          <Notice title="They are the wallet." tone="warn">
            Write them on paper, in this order, and keep it where nobody else looks. Whoever has them has the
            coins; without them and without a backup nothing brings the coins back.
          </Notice>
          <PhraseWords phrase={phrase.current} />
          <button type="button" className="button button-main" onClick={() => setStage('ask')}>
            I have written them down
          </button>
        </Step>
      );
    case 'ask':
      return <AskBack phrase={phrase.current} back={() => setStage('show')} done={() => setStage('seal')} />;
    case 'seal':
      return (
        <Step title="Choose a password for this browser">
          <SealForm
            submit="Make the wallet"
            seal={(password) => session.create(phrase.current, addressPrefix, password)}
          />
        </Step>
      );
  }
}

function ChooseLength({ begin }: { readonly begin: (words: 12 | 24) => void }) {
  return (
    <Step title="How many words?">
      <p className="text-sm text-soft">
        Twelve words are as hard to guess as the keys themselves (128 bits). With 24 there is room to spare,
        and twice as much to write.
      </p>
      <div className="flex flex-wrap gap-3">
        <button type="button" className="button button-main" onClick={() => begin(12)}>
          12 words
        </button>
        <button type="button" className="button" onClick={() => begin(24)}>
          24 words
        </button>
      </div>
    </Step>
  );
}

function AskBack({
  phrase,
  back,
  done,
}: {
  readonly phrase: string;
  readonly back: () => void;
  readonly done: () => void;
}) {
  const [places] = useState(() => choosePlaces(phrase.split(' ').length, randomBelow));
  const [wrong, setWrong] = useState<readonly number[]>([]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const typed = new Map(places.map((place) => [place, String(form.get(`word-${place}`) ?? '')]));
    const bad = wrongPlaces(phrase, typed);
    setWrong(bad);
    if (bad.length === 0) done();
  };
  return (
    <Step title="Three of the words, please">
      <form onSubmit={submit} className="space-y-4">
        <div className="grid gap-3 sm:grid-cols-3">
          {places.map((place) => (
            <TextField
              key={place}
              label={`Word ${place}`}
              name={`word-${place}`}
              required
              autoCapitalize="none"
              error={wrong.includes(place) ? 'It is another word. Look at your note.' : undefined}
            />
          ))}
        </div>
        <div className="flex flex-wrap gap-3">
          <button type="submit" className="button button-main">
            Go on
          </button>
          <button type="button" className="button" onClick={back}>
            Show the words again
          </button>
        </div>
      </form>
    </Step>
  );
}

function randomBelow(below: number): number {
  const [value = 0] = crypto.getRandomValues(new Uint32Array(1));
  return value % below;
}

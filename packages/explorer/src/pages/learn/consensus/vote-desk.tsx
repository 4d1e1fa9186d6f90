import { useState } from 'react';
import { Pill } from '../../../ui/pill.tsx';
import type { Activity } from '../activity.ts';
import { useWorld } from '../use-world.ts';
import { Verdict } from '../verdict.tsx';
import { Ballot, CHOICES, type Choice } from './ballot.ts';

/** What validators say about two blocks, and whether that makes one final. */
function VoteDesk({ voted }: { readonly voted: (ballot: Ballot) => void }) {
  const { world: ballot, changed, restart } = useWorld(() => new Ballot());
  const [isJudged, setIsJudged] = useState(false);
  const vote = (member: number, choice: Choice) => {
    ballot.vote(member, choice);
    setIsJudged(true);
    changed();
    voted(ballot);
  };
  return (
    <>
      <ul aria-label="Validators" className="grid gap-2 sm:grid-cols-2">
        {ballot.members.map(({ name }, member) => (
          <li
            key={name}
            className="flex flex-wrap items-center gap-2 rounded-lg border border-line bg-surface p-3"
          >
            <span className="min-w-6 font-semibold">{name}</span>
            {CHOICES.map((choice) => (
              <button
                key={choice}
                type="button"
                className={`button ${ballot.votersOf(choice).includes(member) ? 'border-accent! text-accent!' : ''}`}
                disabled={ballot.votersOf(choice).includes(member)}
                onClick={() => vote(member, choice)}
              >
                <span className="sr-only">{name} votes </span>
                {choice}
              </button>
            ))}
            {ballot.liars.includes(member) && <Pill tone="bad">has lied</Pill>}
          </li>
        ))}
      </ul>
      {CHOICES.map((choice) => (
        <div key={choice}>
          <p className="text-sm">
            Block {choice}: {ballot.votersOf(choice).length} of {ballot.members.length} votes, {ballot.quorum}{' '}
            needed
          </p>
          <Verdict
            result={isJudged && ballot.votersOf(choice).length > 0 ? ballot.certify(choice) : undefined}
            good={`Block ${choice} is final: its certificate holds.`}
          />
        </div>
      ))}
      <button
        type="button"
        className="button"
        onClick={() => {
          setIsJudged(false);
          restart();
        }}
      >
        Begin anew
      </button>
    </>
  );
}

/** Makes one block final with a silent validator. */
export const CastVotes: Activity = ({ done }) => (
  <VoteDesk
    voted={(ballot) => {
      const silent = ballot.members.filter((_, member) =>
        CHOICES.every((one) => !ballot.votersOf(one).includes(member)),
      );
      if (silent.length === 1 && ballot.liars.length === 0 && CHOICES.some((one) => ballot.certify(one).ok))
        done();
    }}
  />
);

/** The fewest liars who can make two blocks final. */
const LIARS_MIN = 2;

/** Makes two blocks final. */
export const CountLiars: Activity = ({ done }) => (
  <VoteDesk
    voted={(ballot) => {
      if (CHOICES.every((one) => ballot.certify(one).ok) && ballot.liars.length === LIARS_MIN) done();
    }}
  />
);

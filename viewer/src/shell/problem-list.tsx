/** What went wrong, until somebody dismisses it. */
import type { JSX } from 'preact';
import { problems } from '../state/state.ts';

export function ProblemList(): JSX.Element {
  return (
    <div class="problems" role="alert">
      {problems.value.map((problem) => (
        <p key={problem.text} class="problem">
          <span class="mark-error" aria-hidden="true" />
          <span class="problem-text">{problem.text}</span>
          <button
            type="button"
            class="quiet"
            onClick={() => {
              problems.value = problems.value.filter((other) => other !== problem);
            }}
          >
            Dismiss
          </button>
        </p>
      ))}
    </div>
  );
}

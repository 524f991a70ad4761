/** Steps through a call: a slider over all of it, and the iterations of every loop around the present line. */
import type { JSX } from 'preact';
import { showCount } from '../../shell/show-numbers.ts';
import { iterationsAt, stepToIteration, type LineHistory } from './line-history.ts';

export interface StepBarProps {
  readonly history: LineHistory;
  readonly step: number;
  readonly setStep: (step: number) => void;
}

export function StepBar({ history, step, setStep }: StepBarProps): JSX.Element {
  const last = history.lines.length - 1;
  return (
    <div class="step-bar">
      <button type="button" aria-label="First step" disabled={step === 0} onClick={() => setStep(0)}>
        |◀
      </button>
      <button type="button" aria-label="Step back" title="Step back (←)" disabled={step === 0} onClick={() => setStep(step - 1)}>
        ◀
      </button>
      <input
        type="range"
        class="step-slider"
        aria-label="Step"
        aria-valuetext={`step ${step + 1} of ${last + 1}, line ${history.lines[step]}`}
        min={0}
        max={last}
        value={step}
        onInput={(event) => setStep(Number(event.currentTarget.value))}
      />
      <button type="button" aria-label="Step on" title="Step on (→)" disabled={step === last} onClick={() => setStep(step + 1)}>
        ▶
      </button>
      <button type="button" aria-label="Last step" disabled={step === last} onClick={() => setStep(last)}>
        ▶|
      </button>
      <span class="step-text">
        step {showCount(step + 1)} of {showCount(last + 1)}
      </span>
      {iterationsAt(history, step).map((at) => (
        <span key={at.loop.first} class="step-loop" role="group" aria-label={`Loop at lines ${at.loop.first} to ${at.loop.last}`}>
          <span class="step-text">loop {at.loop.first === at.loop.last ? at.loop.first : `${at.loop.first}–${at.loop.last}`}</span>
          <button
            type="button"
            aria-label="Previous iteration"
            disabled={at.index === 0}
            onClick={() => setStep(stepToIteration(history, at, step, -1))}
          >
            ‹
          </button>
          <span class="step-text">
            {showCount(at.iteration + 1)} of {showCount(at.iterations)}
          </span>
          <button
            type="button"
            aria-label="Next iteration"
            disabled={at.index === at.loop.starts.length - 1}
            onClick={() => setStep(stepToIteration(history, at, step, 1))}
          >
            ›
          </button>
        </span>
      ))}
    </div>
  );
}

/** Between view and details: dragged, or moved with the arrows. The width lives in a CSS variable of the page. */
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';

const STEP = 2;
const LEAST = 16;
const MOST = 60;

/** In rem, so that it grows with the text. */
let lastWidth = 26;

export function Splitter(): JSX.Element {
  const [width, setWidth] = useState(lastWidth);
  const element = useRef<HTMLDivElement>(null);
  const resize = (rem: number): void => {
    lastWidth = Math.min(MOST, Math.max(LEAST, rem));
    setWidth(lastWidth);
    element.current?.parentElement?.style.setProperty('--details-width', `${lastWidth}rem`);
  };
  const drag = (event: PointerEvent): void => {
    if (!element.current?.hasPointerCapture(event.pointerId)) return;
    const right = element.current.parentElement?.getBoundingClientRect().right ?? 0;
    resize((right - event.clientX) / Number.parseFloat(getComputedStyle(document.documentElement).fontSize));
  };
  return (
    <div
      ref={element}
      class="splitter"
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label="Width of the details"
      aria-valuenow={Math.round(width)}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      onPointerDown={(event) => element.current?.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={(event) => {
        const step = event.key === 'ArrowLeft' ? STEP : event.key === 'ArrowRight' ? -STEP : 0;
        if (step === 0) return;
        event.preventDefault();
        resize(width + step);
      }}
    />
  );
}

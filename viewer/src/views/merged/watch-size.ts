/** The size of what a flame graph is drawn into, in CSS pixels. */

const ROW_REM = 1.25;

/** Calls `show` now and whenever the element's size changes. Returns what ends that. */
export function watchSize(element: HTMLElement, show: (width: number, height: number, rowHeight: number) => void): () => void {
  const measure = (): void => {
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    show(element.clientWidth, element.clientHeight, Math.round(rem * ROW_REM));
  };
  const observer = new ResizeObserver(measure);
  observer.observe(element);
  measure();
  return () => observer.disconnect();
}

/** The colour of a function: the same in every view, every trace and every build, since it comes from its key. Modules differ in hue. */
import type { FunctionInfo } from '@captureflow/trace';

export interface FunctionColor {
  readonly fill: string;
  /** A stronger tone of the same hue, for edges and small marks. */
  readonly edge: string;
}

const HUES = 24;
const SHADES = 3;

/** Number of a function's colour, `0 … COLOR_COUNT - 1`. */
export function colorNumber(fn: FunctionInfo): number {
  // Functions of one module share a hue and differ in shade: the eye sees where work changes hands.
  return (hash(fn.module) % HUES) * SHADES + (hash(fn.key) % SHADES);
}

export const COLOR_COUNT: number = HUES * SHADES;

/** All colours, by number. Text on them is `--text` in both themes: contrast at least 4.5. */
export function functionColors(dark: boolean): readonly FunctionColor[] {
  return Array.from({ length: COLOR_COUNT }, (_, number) => {
    // Reds are left to errors: hues from 40 to 340 degrees.
    const hue = 40 + (Math.floor(number / SHADES) * 300) / HUES;
    const shade = number % SHADES;
    const light = dark ? 28 + shade * 4 : 84 - shade * 4;
    return {
      fill: `hsl(${hue.toFixed(1)} ${dark ? 30 : 52}% ${light}%)`,
      edge: `hsl(${hue.toFixed(1)} ${dark ? 40 : 45}% ${dark ? light + 22 : light - 28}%)`,
    };
  });
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return (value ^ (value >>> 15)) >>> 0;
}

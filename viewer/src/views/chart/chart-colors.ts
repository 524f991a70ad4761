/** The colours that the canvas needs, of both themes: a canvas knows no CSS variables. Same tones as `theme.css`. */
import { functionColors } from '../../state/function-color.ts';

export interface ChartColors {
  readonly text: string;
  readonly dim: string;
  readonly line: string;
  readonly error: string;
  readonly accent: string;
  readonly warn: string;
  readonly panel: string;
  readonly page: string;
  /** As words of an ImageData: what is written pixel by pixel. */
  readonly pixels: {
    /** By number of the function's colour. */
    readonly fills: Uint32Array;
    /** The same while the function waits. */
    readonly waiting: Uint32Array;
    readonly page: number;
    readonly error: number;
    readonly match: number;
  };
}

const TONES = {
  dark: {
    page: '#16181c',
    panel: '#1c1f24',
    text: '#e4e6e9',
    dim: '#9aa2ad',
    line: '#2a2e35',
    error: '#ff6f61',
    accent: '#79aef5',
    warn: '#f0b35a',
    match: '#ffd84d',
  },
  light: {
    page: '#ffffff',
    panel: '#f6f7f8',
    text: '#1a1d21',
    dim: '#5b626b',
    line: '#e6e9ec',
    error: '#c62318',
    accent: '#1a5fc8',
    warn: '#8a5300',
    match: '#c78a00',
  },
} as const;

/** Share of a function's colour that is left while it waits. */
const WAITING = 0.3;

const known: { dark?: ChartColors; light?: ChartColors } = {};

export function chartColors(dark: boolean): ChartColors {
  return (known[dark ? 'dark' : 'light'] ??= makeColors(dark));
}

function makeColors(dark: boolean): ChartColors {
  const tones = TONES[dark ? 'dark' : 'light'];
  const fills = functionColors(dark).map(({ fill }) => fill);
  const [page, error, match, ...colors] = toPixels([tones.page, tones.error, tones.match, ...fills], tones.page, 1);
  return {
    ...tones,
    pixels: {
      fills: Uint32Array.from(colors),
      waiting: toPixels(fills, tones.page, WAITING),
      page: page as number,
      error: error as number,
      match: match as number,
    },
  };
}

/** What `colors` are on `page`, as the browser itself mixes them. */
function toPixels(colors: readonly string[], page: string, opacity: number): Uint32Array {
  const canvas = document.createElement('canvas');
  canvas.width = colors.length;
  canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
  context.fillStyle = page;
  context.fillRect(0, 0, colors.length, 1);
  context.globalAlpha = opacity;
  colors.forEach((color, x) => {
    context.fillStyle = color;
    context.fillRect(x, 0, 1, 1);
  });
  return new Uint32Array(context.getImageData(0, 0, colors.length, 1).data.buffer);
}

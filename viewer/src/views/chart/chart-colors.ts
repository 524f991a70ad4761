/** The colours that the canvas needs, of both themes: a canvas knows no CSS variables. Same tones as `theme.css`. */
import { functionColors } from '../../state/function-color.ts';

export interface ChartColors {
  readonly fills: readonly string[];
  readonly page: string;
  readonly panel: string;
  readonly text: string;
  readonly dim: string;
  readonly line: string;
  readonly error: string;
  readonly accent: string;
  readonly warn: string;
  readonly waiting: string;
  readonly match: string;
  readonly shade: string;
}

export function chartColors(dark: boolean): ChartColors {
  const fills = functionColors(dark).map(({ fill }) => fill);
  return dark
    ? {
        fills,
        page: '#16181c',
        panel: '#1c1f24',
        text: '#e4e6e9',
        dim: '#9aa2ad',
        line: '#2a2e35',
        error: '#ff6f61',
        accent: '#79aef5',
        warn: '#f0b35a',
        waiting: 'rgb(22 24 28 / 72%)',
        match: '#ffd84d',
        shade: 'rgb(0 0 0 / 45%)',
      }
    : {
        fills,
        page: '#ffffff',
        panel: '#f6f7f8',
        text: '#1a1d21',
        dim: '#5b626b',
        line: '#e6e9ec',
        error: '#c62318',
        accent: '#1a5fc8',
        warn: '#8a5300',
        waiting: 'rgb(255 255 255 / 70%)',
        match: '#c78a00',
        shade: 'rgb(90 98 110 / 18%)',
      };
}

/** What is inside a value, and what capture left out of it. */
import { formatValue } from '@captureflow/trace';
import type { NamedValue, Value } from '@captureflow/trace';
import { showCount } from '../shell/show-numbers.ts';

/** Why a value was cut, for people. */
const REASONS = {
  depth: 'too deep to capture',
  nodes: 'too many values in one snapshot',
  bytes: 'too many bytes in one snapshot',
  room: 'no room left in the trace',
  budget: 'left out to save time',
  hot: 'one of very many calls',
} as const;

export function childrenOf(value: Value): readonly NamedValue[] {
  switch (value.kind) {
    case 'object':
    case 'error':
      return value.entries;
    case 'array':
    case 'set':
      return value.items.map((item, index) => ({ name: String(index), value: item }));
    case 'map':
      return value.pairs.map(([key, item]) => ({ name: formatValue(key, { width: 40 }), value: item }));
    default:
      return [];
  }
}

/** What stands beside a value of which something is missing; '' when it is whole. */
export function missingOf(value: Value): string {
  switch (value.kind) {
    case 'string':
      return value.length === undefined ? '' : `cut: ${showCount(value.value.length)} of ${showCount(value.length)} characters`;
    case 'object':
      return more(value.size - value.entries.length, 'keys');
    case 'array':
    case 'set':
      return more(value.size - value.items.length, 'items');
    case 'map':
      return more(value.size - value.pairs.length, 'entries');
    case 'buffer':
      return value.head.length / 2 < value.size
        ? `first ${showCount(Math.floor(value.head.length / 2))} of ${showCount(value.size)} bytes`
        : '';
    case 'cut':
      return `cut: ${REASONS[value.reason]}`;
    case 'redacted':
      return 'redacted';
    case 'getter':
      return 'getter, not called';
    case 'unreadable':
      return 'could not be read';
    case 'proxy':
      return 'not looked into';
    case 'absent':
      return 'not initialised';
    default:
      return '';
  }
}

function more(count: number, what: string): string {
  return count > 0 ? `cut: ${showCount(count)} more ${what}` : '';
}

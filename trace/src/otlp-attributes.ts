/**
 * A list of OpenTelemetry attributes whose texts keep to a number of bytes: Tempo truncates longer ones at a byte, which leaves broken JSON,
 * and ClickHouse's schema has a text in each. What is cut here ends in `…` and has `<key>.truncated` beside it.
 */
import type { NamedValue, Value } from './model.ts';
import type { OtlpAttribute, OtlpValue } from './otlp.ts';
import { plainJson } from './plain-json.ts';
import { fitUtf8, utf8Length } from './utf8-fit.ts';
import { namedValuesJson, valueJson } from './value-json.ts';
import type { FittedJson } from './value-json.ts';

export class OtlpAttributes {
  readonly list: OtlpAttribute[] = [];
  /** Some text was cut for room. */
  cut = false;
  private readonly room: number;

  constructor(room: number) {
    this.room = room;
  }

  text(key: string, value: string): this {
    const { text, cut } = fitUtf8(value, this.room);
    return this.add(key, { stringValue: text }, cut);
  }

  int(key: string, value: number): this {
    return this.add(key, { intValue: String(value) });
  }

  double(key: string, value: number): this {
    return this.add(key, { doubleValue: value });
  }

  flag(key: string): this {
    return this.add(key, { boolValue: true });
  }

  value(key: string, value: Value): this {
    return this.json(key, valueJson(value, this.room));
  }

  named(key: string, values: readonly NamedValue[]): this {
    return this.json(key, namedValuesJson(values, this.room));
  }

  /** A JSON value: text, numbers and booleans as they are, lists of texts as such, anything else as JSON text. */
  plain(key: string, value: unknown): this {
    if (typeof value === 'string') return this.text(key, value);
    if (typeof value === 'boolean') return this.add(key, { boolValue: value });
    if (typeof value === 'number') return Number.isSafeInteger(value) ? this.int(key, value) : this.double(key, value);
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
      const values = value.map((item) => ({ stringValue: fitUtf8(item, this.room).text }));
      if (values.reduce((sum, { stringValue }) => sum + utf8Length(stringValue), 0) <= this.room) {
        return this.add(key, { arrayValue: { values } });
      }
    }
    return value === null || value === undefined ? this : this.text(key, plainJson(value));
  }

  private json(key: string, { text, cut }: FittedJson): this {
    return this.add(key, { stringValue: text }, cut);
  }

  private add(key: string, value: OtlpValue, cut: boolean = false): this {
    this.list.push({ key, value });
    if (cut) {
      this.cut = true;
      this.list.push({ key: `${key}.truncated`, value: { boolValue: true } });
    }
    return this;
  }
}

// Another schema validator, made of tiny functions: valibot checks the readings of a sensor.
import { array, number, object, parse } from 'valibot';

const Sensor = object({ id: number(), readings: array(number()) });
const sensor = { id: 7, readings: Array.from({ length: 2000 }, (_, index) => 20 + index / 8) };

export function batch() {
  return parse(Sensor, sensor).readings.length;
}

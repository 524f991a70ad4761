/** Injected names: unique in the file, acceptable to every tool that reads the output. */
import { expect, test } from 'vitest';
import { chooseNames, type InjectedNames } from '../src/injected-names.ts';

function all(names: InjectedNames): string[] {
  const { runtime, module, gates, error, position, identity } = names;
  return [
    runtime,
    module,
    gates,
    error,
    position,
    identity,
    names.token(0),
    names.token(3),
    names.alias(0),
    names.value(0),
    names.value(3),
    names.shadow(0, 0),
    names.shadow(0, 12),
    names.shadow(1, 2),
  ];
}

test.each([['let a = 1;'], ['cov'], ['eval("covR")'], ['function covG() {}'], ['cov cov0_ cov1_'], ['// cov0_x'], ['`${covS0}`']])(
  'no name chosen for %j occurs in it',
  (source) => {
    for (const name of all(chooseNames(source))) expect(source).not.toContain(name);
  },
);

test.each([[''], ['cov'], ['cov cov0_']])('every name chosen for %j passes jest-hoist and Angular (no "$", begins with cov)', (source) => {
  for (const name of all(chooseNames(source))) expect(name).toMatch(/^cov\w+$/);
});

test('the names differ from each other', () => {
  const names = all(chooseNames(''));
  expect(new Set(names).size).toBe(names.length);
});

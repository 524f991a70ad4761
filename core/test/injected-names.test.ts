/** Injected names: unique in the file, acceptable to every tool that reads the output. */
import { expect, test } from 'vitest';
import { chooseNames, type InjectedNames } from '../src/injected-names.ts';

function all(names: InjectedNames): string[] {
  const { runtime, module, error, position, identity } = names;
  return [
    runtime,
    module,
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

test.each([['let a = 1;'], ['__cov'], ['eval("__covR")'], ['__cov __cov0_ __cov1_'], ['// __cov0_x'], ['`${__covS0}`']])(
  'no name chosen for %j occurs in it',
  (source) => {
    for (const name of all(chooseNames(source))) expect(source).not.toContain(name);
  },
);

test.each([[''], ['__cov'], ['__cov __cov0_']])(
  'every name chosen for %j passes jest-hoist and Angular (no "$", begins with __cov)',
  (source) => {
    for (const name of all(chooseNames(source))) expect(name).toMatch(/^__cov\w+$/);
  },
);

test('the names differ from each other', () => {
  const names = all(chooseNames(''));
  expect(new Set(names).size).toBe(names.length);
});

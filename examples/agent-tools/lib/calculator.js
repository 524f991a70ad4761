/** A library as one finds it: plain JavaScript that no compiler plugin sees. Evaluates `+ - * / ( )` over decimal numbers. */

export class CalculatorError extends Error {
  name = 'CalculatorError';
}

export function evaluate(expression) {
  const tokens = expression.match(/\d+(?:\.\d+)?|[a-z]+|[-+*/()]/gi) ?? [];
  let at = 0;

  function primary() {
    const token = tokens[at++];
    if (token === '(') {
      const value = sum();
      if (tokens[at++] !== ')') throw new CalculatorError('a ) is missing');
      return value;
    }
    if (token === undefined) throw new CalculatorError('the expression ends too early');
    const value = Number(token);
    if (Number.isNaN(value)) throw new CalculatorError(`${token} is not a number`);
    return value;
  }

  function product() {
    let value = primary();
    while (tokens[at] === '*' || tokens[at] === '/') {
      value = tokens[at++] === '*' ? value * primary() : value / primary();
    }
    return value;
  }

  function sum() {
    let value = product();
    while (tokens[at] === '+' || tokens[at] === '-') {
      value = tokens[at++] === '+' ? value + product() : value - product();
    }
    return value;
  }

  const value = sum();
  if (at < tokens.length) throw new CalculatorError(`${tokens[at]} is too much`);
  return value;
}

export declare class CalculatorError extends Error {}
/** @throws CalculatorError */
export declare function evaluate(expression: string): number;

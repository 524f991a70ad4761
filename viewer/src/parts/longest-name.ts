/** Letters of a name that a row shows; imported traces may claim names of a million. */
export const LONGEST_NAME: number = 200;

/** One of several: the case's `batch` is an object of functions by name, of which `options.alternative` runs. */
export const prepare = ({ alternative }) => ({ around: (alternatives) => alternatives[alternative]() });

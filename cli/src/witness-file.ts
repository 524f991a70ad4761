/** Where the preload of `captureflow bench` lies: this module and the bundled command are equally deep below the package. */
export const WITNESS: URL = new URL('../preload/witness.cjs', import.meta.url);

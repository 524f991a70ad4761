/**
 * The worker's program as text: bundled from `worker-main.ts` by the build, which puts it in the place of this file (rolldown.config.mjs). From sources there is none:
 * what sends works on the thread it is called on.
 */
export const workerCode: string | undefined = undefined;

/**
 * Hands traces over before the process ends, however it ends, and changes nothing about the end: no exit code, no
 * message, no listener that a program could mistake for its own handling of a signal.
 */
import { signalFlush } from './signal-flush.ts';

export interface ExitHooks {
  /** Synchronous. `final`: nothing runs after this; roots that are open are written as they are. */
  handOver(final: boolean): void;
  /** The process is about to die of `error`. */
  fail(error: unknown): void;
}

/** Returns what takes all of it away again. Does nothing where there is no `process` with events. */
export function installExitFlush(hooks: ExitHooks, signals: boolean): () => void {
  const host = (globalThis as { process?: NodeJS.Process }).process;
  if (typeof host?.on !== 'function') return () => {};

  const onExit = (): void => quietly(() => hooks.handOver(true));
  const onBeforeExit = (): void => {
    quietly(() => hooks.handOver(false));
    // Behind the listeners that the program added meanwhile: what they run belongs to the trace too.
    host.removeListener('exit', onExit);
    host.on('exit', onExit);
  };
  const onUncaught = (error: unknown): void =>
    quietly(() => {
      const survives = host.listenerCount('uncaughtException') > 0 || host.hasUncaughtExceptionCaptureCallback?.();
      if (!survives) hooks.fail(error);
      hooks.handOver(false);
    });

  host.on('exit', onExit);
  host.on('beforeExit', onBeforeExit);
  // A monitor changes nothing about what an uncaught error does; unhandled rejections that kill pass here too.
  host.on('uncaughtExceptionMonitor', onUncaught);
  const stopSignals = signals
    ? (['SIGTERM', 'SIGINT'] as const).map((name) => signalFlush(host, name, (final) => quietly(() => hooks.handOver(final))))
    : [];

  return () => {
    host.removeListener('exit', onExit);
    host.removeListener('beforeExit', onBeforeExit);
    host.removeListener('uncaughtExceptionMonitor', onUncaught);
    for (const stop of stopSignals) stop();
  };
}

function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // The last thing a program does is not to die of its recorder.
  }
}

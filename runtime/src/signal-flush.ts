/**
 * Hands over before a signal kills the process, and lets the signal kill it. Our listener is there only while the program
 * has none: packages such as signal-exit count the listeners to find out whether the signal is theirs to handle. And not before the event loop turns:
 * a listener is called by it, so a program that computes without a pause from its first line on would not die of a signal any more.
 */
import { builtin } from './builtin.ts';
import { laterTurn } from './primordials.ts';

/**
 * Returns what takes the listener away. Does nothing in worker threads, which get no signals, and on Windows, where a signal
 * cannot be sent on. `handOver(true)`: the process is about to die; `false`: it may be.
 */
export function signalFlush(host: NodeJS.Process, signal: NodeJS.Signals, handOver: (final: boolean) => void): () => void {
  if (host.platform === 'win32' || builtin('node:worker_threads')?.isMainThread === false) return () => {};
  let stopped = false;
  let scheduled = false;

  const onSignal = (): void => {
    if (host.listenerCount(signal) > 1) return;
    handOver(true);
    stop();
    host.kill(host.pid, signal);
  };
  const settle = (): void => {
    scheduled = false;
    if (stopped) return;
    const listeners = host.listeners(signal);
    const present = listeners.includes(onSignal);
    const others = listeners.length - (present ? 1 : 0);
    if (others > 0 && present) host.removeListener(signal, onSignal);
    else if (others === 0 && !present) host.on(signal, onSignal);
  };
  // In a tick of its own: taking the last listener away while another is being added would close Node's handle for the
  // signal, and a `once` listener has been taken away already when it runs.
  const onChange = (name: string | symbol, listener: unknown): void => {
    if (name !== signal || listener === onSignal || scheduled) return;
    scheduled = true;
    host.nextTick(settle);
  };
  const onRemove = (name: string | symbol, listener: unknown): void => {
    // A program that handles the signal itself takes its listener away and sends the signal again: nobody is asked after that.
    if (name === signal && listener !== onSignal && host.listenerCount(signal) === 0) handOver(false);
    onChange(name, listener);
  };
  const stop = (): void => {
    stopped = true;
    host.removeListener('newListener', onChange);
    host.removeListener('removeListener', onRemove);
    host.removeListener(signal, onSignal);
  };

  laterTurn(settle);
  host.on('newListener', onChange);
  host.on('removeListener', onRemove);
  return stop;
}

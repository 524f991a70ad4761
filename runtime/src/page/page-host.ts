/** What a page offers, as far as the runtime asks for it. Undefined in Node, in workers and in edge runtimes. */

export interface PageEvent {
  readonly isTrusted: boolean;
  readonly type: string;
  readonly persisted?: boolean;
}

export interface Page {
  readonly document: { readonly visibilityState: string };
  addEventListener(type: string, listener: (event: PageEvent) => void, capture: boolean): void;
  removeEventListener(type: string, listener: (event: PageEvent) => void, capture: boolean): void;
}

/** The page, unless Node runs it (jsdom): what ends there is the process. */
export function pageHost(): Page | undefined {
  const host = globalThis as unknown as Partial<Page> & { readonly process?: { readonly on?: unknown } };
  return typeof host.document === 'object' && typeof host.addEventListener === 'function' && typeof host.process?.on !== 'function'
    ? (host as Page)
    : undefined;
}

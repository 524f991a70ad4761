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

/** Reads a property of the DOM by the getter that is there now, whatever the page defines later. Throws for an object of another class. */
export function domGetter(owner: string, key: string): (self: unknown) => unknown {
  const { prototype } = (globalThis as unknown as Record<string, { prototype: object } | undefined>)[owner] ?? {};
  const get = prototype && Object.getOwnPropertyDescriptor(prototype, key)?.get;
  return get === undefined ? () => undefined : (self) => Reflect.apply(get, self, []);
}

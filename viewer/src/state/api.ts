/** Requests to the collector that the page came from. The token stands in the address that the command prints, and moves out of it at once. */

const TOKEN_KEY = 'captureflow-token';
/** How long another tab may take to answer. */
export const ANSWER_MS = 200;

/** An answer that is no success, as a sentence for people. */
export class ApiError extends Error {
  override readonly name: string = 'ApiError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

let token: string | undefined;

/**
 * Keeps the token of this tab. Without one the last that this tab had is used, so that a reload works, or that of another open tab, so that a link
 * does, which has none. It is kept in no place that outlives the tabs: the next server on this port may be anybody's.
 */
export async function useToken(given: string | undefined): Promise<void> {
  token = given ?? stored() ?? (await askTabs());
  try {
    if (token !== undefined) sessionStorage.setItem(TOKEN_KEY, token);
  } catch {
    // A page without storage, as in a frame: the token lives as long as the page.
  }
  answerTabs();
}

function stored(): string | undefined {
  try {
    return sessionStorage.getItem(TOKEN_KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Only pages of this very origin hear it. Undefined: no other tab has one. */
function askTabs(): Promise<string | undefined> {
  if (location.protocol === 'file:') return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const channel = new BroadcastChannel(TOKEN_KEY);
    const done = (answer?: string): void => {
      channel.close();
      resolve(answer);
    };
    channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'object' && data !== null && 'token' in data && typeof data.token === 'string') done(data.token);
    });
    channel.postMessage('token?');
    setTimeout(done, ANSWER_MS);
  });
}

function answerTabs(): void {
  if (location.protocol === 'file:') return;
  const channel = new BroadcastChannel(TOKEN_KEY);
  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (data === 'token?' && token !== undefined) channel.postMessage({ token });
  });
}

/** Rejects with `ApiError`. `path` is relative to the page. */
export async function apiFetch(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers });
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    throw new ApiError(0, 'The collector does not answer. Is `captureflow serve` still running?');
  }
  if (response.ok) return response;
  if (response.status === 401 || response.status === 403) {
    throw new ApiError(
      response.status,
      'The collector refused this page. Open the address that `captureflow serve` printed; it holds the token.',
    );
  }
  throw new ApiError(response.status, `The collector answered ${response.status} to ${path}.`);
}

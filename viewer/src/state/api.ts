/** Requests to the collector that the page came from. The token stands in the address that the command prints, and moves out of it at once. */

const TOKEN_KEY = 'captureflow-token';

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

/** Keeps the token of this tab. Without one the last that this tab had is used, so that a reload works. */
export function useToken(given: string | undefined): void {
  try {
    if (given !== undefined) sessionStorage.setItem(TOKEN_KEY, given);
    token = given ?? sessionStorage.getItem(TOKEN_KEY) ?? undefined;
  } catch {
    // A page without storage, as in a frame: the token lives as long as the page.
    token = given;
  }
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

/** What makes a store's file unusable, in one sentence for people: what it is, where, and what to do. */
export class StoreError extends Error {
  readonly code: 'STORE_FOREIGN' | 'STORE_VERSION' | 'STORE_BUSY' | 'STORE_UNUSABLE';

  constructor(code: StoreError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

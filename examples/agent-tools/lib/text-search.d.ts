export interface Document {
  readonly title: string;
  readonly text: string;
}
export declare class TextIndex {
  constructor(documents: readonly Document[]);
  search(query: string, limit: number): Document[];
}

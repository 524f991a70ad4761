/** A library as one finds it: ranks texts by the words they share with a query. */

const wordsOf = (text) => new Set(text.toLowerCase().match(/[a-z]+/g) ?? []);

export class TextIndex {
  constructor(documents) {
    this.entries = documents.map((document) => ({ document, words: wordsOf(`${document.title} ${document.text}`) }));
  }

  search(query, limit) {
    const wanted = [...wordsOf(query)];
    return this.entries
      .map(({ document, words }) => ({ document, score: wanted.filter((word) => words.has(word)).length }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, limit)
      .map(({ document }) => document);
  }
}

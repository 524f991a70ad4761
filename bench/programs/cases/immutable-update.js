// Immutable updates: immer's drafts over the state of a small shop.
import { produce } from 'immer';

const initial = {
  customers: Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`c${index}`, { name: `n${index}`, tags: ['new'], orders: [] }])),
  stock: Array.from({ length: 50 }, (_, index) => ({ sku: `s${index}`, left: 100 })),
};

export function batch() {
  let state = initial;
  for (let i = 0; i < 200; i++) {
    state = produce(state, (draft) => {
      const item = draft.stock[i % 50];
      item.left -= 1;
      draft.customers[`c${i % 50}`].orders.push({ id: i, sku: item.sku });
    });
  }
  return state.stock[7].left;
}

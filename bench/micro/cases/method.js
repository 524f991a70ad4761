// A method of a hot class whose argument is an object: what identity, type and a snapshot of `this`-heavy code cost.
class Account {
  constructor(id) {
    this.id = id;
    this.balance = 0;
    this.entries = 0;
  }
  apply(entry) {
    this.balance += entry.amount;
    this.entries++;
    return this.balance;
  }
}

const account = new Account('a-1');
const entries = Array.from({ length: 64 }, (_, index) => ({ id: index, kind: 'credit', amount: index * 3, note: 'n' }));

export function batch() {
  let last = 0;
  for (let round = 0; round < 30; round++) for (let i = 0; i < entries.length; i++) last = account.apply(entries[i]);
  return last;
}

// Work of one root: a few calls with objects, around awaits that let the other roots in between.
class Basket {
  constructor(owner) {
    this.owner = owner;
    this.lines = [];
  }
  add(sku, quantity) {
    this.lines.push({ sku, quantity, price: quantity * 1.25 });
    return this.lines.length;
  }
  total() {
    return this.lines.reduce((sum, line) => sum + line.quantity * line.price, 0);
  }
}

const pause = () => new Promise((resolve) => setImmediate(resolve));

export async function work(id) {
  const basket = new Basket({ id, name: `customer ${id}` });
  for (let i = 0; i < 10; i++) {
    basket.add(`sku-${i}`, i + (id % 3));
    await pause();
  }
  return basket.total();
}

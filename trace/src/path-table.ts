/**
 * Numbers for paths: (node, function) -> child node. An open hash table of integers: a Map with a text a key costs ten times as much at a
 * million spans.
 */

export class PathTable {
  count = 1;
  parent: Int32Array;
  functionIndex: Int32Array;
  private slots: Int32Array;
  private mask: number;

  constructor(spans: number) {
    const room = Math.min(spans + 1, 1024);
    this.parent = new Int32Array(room);
    this.functionIndex = new Int32Array(room);
    this.parent[0] = -1;
    this.functionIndex[0] = -1;
    this.slots = new Int32Array(2048).fill(-1);
    this.mask = 2047;
  }

  childOf(parent: number, functionIndex: number): number {
    let slot = hashOf(parent, functionIndex) & this.mask;
    for (let node = this.slots[slot]!; node !== -1; node = this.slots[slot]!) {
      if (this.parent[node] === parent && this.functionIndex[node] === functionIndex) return node;
      slot = (slot + 1) & this.mask;
    }
    if (this.count === this.parent.length) {
      this.parent = grown(this.parent);
      this.functionIndex = grown(this.functionIndex);
    }
    const node = this.count++;
    this.parent[node] = parent;
    this.functionIndex[node] = functionIndex;
    this.slots[slot] = node;
    if (this.count * 2 > this.slots.length) this.rehash();
    return node;
  }

  private rehash(): void {
    this.slots = new Int32Array(this.slots.length * 2).fill(-1);
    this.mask = this.slots.length - 1;
    for (let node = 1; node < this.count; node++) {
      let slot = hashOf(this.parent[node]!, this.functionIndex[node]!) & this.mask;
      while (this.slots[slot] !== -1) slot = (slot + 1) & this.mask;
      this.slots[slot] = node;
    }
  }
}

function hashOf(parent: number, functionIndex: number): number {
  const mixed = Math.imul(parent ^ Math.imul(functionIndex + 1, 0x9e3779b1), 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

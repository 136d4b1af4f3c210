/** Below this many removed items they are left where they are. */
const COMPACT_FROM = 1024;

/** A line of items that are taken from the front, and now and then out of the middle. */
export class Queue<T> {
  private items: T[] = [];
  private head = 0;

  get length(): number {
    return this.items.length - this.head;
  }

  at(index: number): T | undefined {
    return this.items[this.head + index];
  }

  push(item: T): void {
    this.items.push(item);
  }

  /** Puts an item in front of the first one that `isBehind`, else at the end. Cheap where it goes near the end. */
  insert(item: T, isBehind: (other: T) => boolean): void {
    let at = this.items.length;
    while (at > this.head && isBehind(this.items[at - 1] as T)) at -= 1;
    this.items.splice(at, 0, item);
  }

  remove(index: number): void {
    if (index > 0) {
      this.items.splice(this.head + index, 1);
      return;
    }
    this.head += 1;
    if (this.head < COMPACT_FROM || this.head * 2 < this.items.length) return;
    this.items = this.items.slice(this.head);
    this.head = 0;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.items.slice(this.head).values();
  }
}

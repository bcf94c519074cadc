/** A set of few members in an array: a tenth of a Set's memory, and there is one for each of thousands of sockets. */
export class SmallSet<T> implements Iterable<T> {
  #members: T[];

  constructor(members: readonly T[]) {
    this.#members = [...members];
  }

  get size(): number {
    return this.#members.length;
  }

  has(member: T): boolean {
    return this.#members.includes(member);
  }

  add(member: T): this {
    if (!this.has(member)) this.#members.push(member);
    return this;
  }

  /** Whether it was a member. */
  delete(member: T): boolean {
    const place = this.#members.indexOf(member);
    if (place === -1) return false;
    this.#members.splice(place, 1);
    return true;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#members[Symbol.iterator]();
  }
}

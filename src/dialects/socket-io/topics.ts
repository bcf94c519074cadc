/** Which sockets follow which topic. */
export class Topics<Follower extends { sendText(frame: string): void }> {
  readonly #byName = new Map<string, Set<Follower>>();

  follow(topic: string, follower: Follower): void {
    const followers = this.#byName.get(topic) ?? new Set();
    this.#byName.set(topic, followers.add(follower));
  }

  leave(topic: string, follower: Follower): void {
    const followers = this.#byName.get(topic);
    followers?.delete(follower);
    if (followers?.size === 0) this.#byName.delete(topic);
  }

  has(topic: string): boolean {
    return this.#byName.has(topic);
  }

  publish(topic: string, frame: string): void {
    for (const follower of this.#byName.get(topic) ?? []) follower.sendText(frame);
  }
}

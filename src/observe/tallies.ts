type Labels = Readonly<Record<string, string>>;

/** A family of figures for /metrics, in Prometheus' text format. To count costs next to nothing. */
abstract class Family {
  constructor(
    protected readonly name: string,
    private readonly help: string,
    private readonly type: "counter" | "gauge" | "histogram",
  ) {}

  /** The lines after its heading. */
  protected abstract samples(): readonly string[];

  get text(): string {
    const heading = [`# HELP ${this.name} ${this.help}`, `# TYPE ${this.name} ${this.type}`];
    return [...heading, ...this.samples(), ""].join("\n");
  }
}

/** What only grows, and what comes and goes, by labels or without any. */
export class Tally extends Family {
  #total = 0;
  readonly #byLabels = new Map<string, number>();

  /** `labelled`: it stands under labels alone. */
  constructor(
    name: string,
    help: string,
    type: "counter" | "gauge",
    private readonly labelled = false,
  ) {
    super(name, help, type);
  }

  inc(labels?: Labels): void {
    if (labels) this.#add(labels, 1);
    else this.#total++;
  }

  dec(labels: Labels): void {
    this.#add(labels, -1);
  }

  #add(labels: Labels, change: number): void {
    const key = Object.entries(labels)
      .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
      .join(",");
    this.#byLabels.set(key, (this.#byLabels.get(key) ?? 0) + change);
  }

  protected samples(): readonly string[] {
    if (!this.labelled) return [`${this.name} ${this.#total}`];
    return [...this.#byLabels].map(([labels, value]) => `${this.name}{${labels}} ${value}`);
  }
}

/** What is asked whenever somebody looks. */
export class Asked extends Family {
  constructor(
    name: string,
    help: string,
    private readonly ask: () => number,
  ) {
    super(name, help, "gauge");
  }

  protected samples(): readonly string[] {
    return [`${this.name} ${this.ask()}`];
  }
}

/** How often something was at most so large: `bounds` ascend. */
export class Spread extends Family {
  readonly #counts: number[];
  #count = 0;
  #sum = 0;

  constructor(
    name: string,
    help: string,
    private readonly bounds: readonly number[],
  ) {
    super(name, help, "histogram");
    this.#counts = bounds.map(() => 0);
  }

  observe(value: number): void {
    this.#count++;
    this.#sum += value;
    const place = this.bounds.findIndex((bound) => value <= bound);
    if (place >= 0) this.#counts[place] = (this.#counts[place] ?? 0) + 1;
  }

  protected samples(): readonly string[] {
    let upTo = 0;
    const buckets = this.bounds.map((bound, place) => {
      upTo += this.#counts[place] ?? 0;
      return `${this.name}_bucket{le="${bound}"} ${upTo}`;
    });
    return [
      ...buckets,
      `${this.name}_bucket{le="+Inf"} ${this.#count}`,
      `${this.name}_sum ${this.#sum}`,
      `${this.name}_count ${this.#count}`,
    ];
  }
}

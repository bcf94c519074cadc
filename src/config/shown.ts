import { type Config, SETTINGS } from "../config.ts";

/** A setting as people are shown it. */
export interface SettingShown {
  readonly name: string;
  /** Null where it is unset; of a secret only that it is set. */
  readonly value: string | null;
  readonly secret: boolean;
  /** Whether it is what it would be if nobody had set it. */
  readonly isDefault: boolean;
  readonly about: string;
}

const HIDDEN = "********";

/** Every setting with its value; secrets are never among what it gives. */
export function settingsShown(config: Config): SettingShown[] {
  const values = new Map<string, unknown>(Object.entries(config));
  return Object.entries(SETTINGS).map(([name, { schema, about, secret }]) => {
    const value = values.get(name);
    const shown = secret ? HIDDEN : String(value);
    const isDefault = value === schema.safeParse(undefined).data;
    return { name, value: value === undefined ? null : shown, secret: secret ?? false, isDefault, about };
  });
}

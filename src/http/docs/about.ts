/** What both documents say of themselves; a test holds the version to package.json's. */
export const about = {
  title: "Rollcall",
  version: "0.1.0",
  license: { name: "MIT", identifier: "MIT" },
} as const;

/** What a search for users looks in, lower-cased: SQLite itself knows upper and lower case of ASCII alone. */
export const searchText = (name: string | null, email: string | null): string =>
  `${name ?? ""}\n${email ?? ""}`.toLowerCase();

interface Named {
  readonly _id: string;
  readonly name: string | null;
  readonly email?: string | null;
}

/** What somebody is called: an outside issuer may have told neither a name nor an email. */
export const calledOf = ({ name, email, _id }: Named): string => name ?? email ?? _id;

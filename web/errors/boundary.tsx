import { Component, type ReactNode } from "react";
import { ErrorPage } from "./error-page.tsx";

interface Props {
  readonly children: ReactNode;
}

/** Shows the error page in the place of what broke. */
export class Boundary extends Component<Props, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return <ErrorPage error={this.state.error} again={() => location.reload()} />;
  }
}

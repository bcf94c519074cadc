import { type ComponentType, lazy } from "react";
import type { ScreenName } from "../../protocol/screens.ts";
import type { Place } from "../router.tsx";
import { SignIn } from "./sign-in.tsx";

interface DoorProps {
  readonly place: Place | null;
  /** Somebody was in, until the server said otherwise. */
  readonly lost: boolean;
}

const SCREENS: Partial<Record<ScreenName, ComponentType>> = {
  createAccount: lazy(() => import("./create-account.tsx")),
  setUp: lazy(() => import("./set-up.tsx")),
  reset: lazy(() => import("./reset.tsx")),
};

/** Where nobody is signed in: any other address is shown after signing in. */
export default function Door({ place, lost }: DoorProps) {
  const Screen = place && SCREENS[place.screen];
  return Screen ? <Screen /> : <SignIn lost={lost} />;
}

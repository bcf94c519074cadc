import type { Place } from "../router.tsx";
import { CreateAccount } from "./create-account.tsx";
import { SignIn } from "./sign-in.tsx";

interface DoorProps {
  readonly place: Place | null;
  /** Somebody was in, until the server said otherwise. */
  readonly lost: boolean;
}

/** Where nobody is signed in: whatever the address, it is shown after signing in. */
export default function Door({ place, lost }: DoorProps) {
  return place?.screen === "createAccount" ? <CreateAccount /> : <SignIn lost={lost} />;
}

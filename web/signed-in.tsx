import { Suspense, useEffect } from "react";
import type { ScreenName } from "../protocol/screens.ts";
import { ApiError } from "./api/error.ts";
import { Boundary } from "./errors/boundary.tsx";
import { ErrorPage } from "./errors/error-page.tsx";
import { LiveProvider } from "./live/live.tsx";
import { Connection } from "./parts/connection.tsx";
import { PageSkeleton } from "./parts/skeletons.tsx";
import { go, pathOf, placeOf, usePath } from "./router.tsx";
import { loadAhead, SCREENS_OF } from "./screens.ts";
import type { Me } from "./session.ts";
import { Shell } from "./shell/shell.tsx";

/** Where an administrator goes from anywhere. */
const ADMIN = ["home", "people", "allClasses", "audit", "settings"] as const;

/** The addresses of the door lead somebody who is in already to their start. */
const DOOR: ReadonlySet<ScreenName> = new Set(["signIn", "createAccount", "setUp", "reset"]);

interface SignedInProps {
  readonly me: Me;
  /** The connection lives by the session: another one, another connection. */
  readonly round: number;
}

/** The app of somebody who is signed in. */
export default function SignedIn({ me, round }: SignedInProps) {
  const path = usePath();
  useEffect(() => loadAhead(me.role), [me.role]);
  return (
    <LiveProvider user={me._id} round={round}>
      <Shell me={me} beside={<Connection />} sections={me.role === "admin" ? ADMIN : []} path={path}>
        <Boundary key={path}>
          <Suspense fallback={<PageSkeleton />}>
            <At path={path} me={me} />
          </Suspense>
        </Boundary>
      </Shell>
    </LiveProvider>
  );
}

function At({ path, me }: { readonly path: string; readonly me: Me }) {
  const place = placeOf(path);
  if (!place) return <ErrorPage error={NOT_FOUND} />;
  if (DOOR.has(place.screen)) {
    queueMicrotask(() => go(pathOf("home"), { replace: true }));
    return <PageSkeleton />;
  }
  const Screen = SCREENS_OF[me.role][place.screen]?.Component;
  return Screen ? <Screen me={me} params={place.params} /> : <ErrorPage error={NOT_YOURS} />;
}

const NOT_FOUND = new ApiError("missing", 404, "no such screen");
const NOT_YOURS = new ApiError("forbidden", 403, "a screen of another role");

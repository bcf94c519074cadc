import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { queries } from "./api/queries.ts";
import { Boundary } from "./errors/boundary.tsx";
import { ErrorPage } from "./errors/error-page.tsx";
import { PageSkeleton } from "./parts/skeletons.tsx";
import { placeOf, usePath } from "./router.tsx";
import { resume, useSession } from "./session.ts";
import { Shell } from "./shell/shell.tsx";
import { theme, variables } from "./theme/theme.ts";

const Door = lazy(() => import("./sign-in/door.tsx"));
const SignedIn = lazy(() => import("./signed-in.tsx"));
const schemes = localStorageColorSchemeManager({ key: "rollcall-colours" });

/** The whole app. */
export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      colorSchemeManager={schemes}
      defaultColorScheme="auto"
    >
      <QueryClientProvider client={queries}>
        <Boundary>
          <Inside />
        </Boundary>
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** Whoever is signed in sees their screens, anyone else the door. */
function Inside() {
  const session = useSession();
  const path = usePath();
  const fault = useResumed();
  if (session.state === "known")
    return (
      <Suspense fallback={<Waiting />}>
        <SignedIn key={session.me._id} me={session.me} round={session.round} />
      </Suspense>
    );
  return (
    <Shell>
      <Suspense fallback={<PageSkeleton />}>
        {session.state === "nobody" ? (
          <Door place={placeOf(path)} lost={session.lost} />
        ) : fault ? (
          <ErrorPage error={fault} />
        ) : (
          <PageSkeleton />
        )}
      </Suspense>
    </Shell>
  );
}

/** Asks once who is signed in from before; gives the error while that is not known. */
function useResumed(): unknown {
  const [fault, setFault] = useState<unknown>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const look = () =>
      resume().then(
        () => setFault(null),
        (error: unknown) => {
          setFault(error);
          timer = setTimeout(look, AGAIN_MS);
        },
      );
    void look();
    return () => clearTimeout(timer);
  }, []);
  return fault;
}

const AGAIN_MS = 3000;

const Waiting = () => (
  <Shell>
    <PageSkeleton />
  </Shell>
);

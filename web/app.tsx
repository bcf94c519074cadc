import { lazy, Suspense, useEffect, useReducer, useState } from "react";
import { ErrorPage } from "./errors/error-page.tsx";
import { Waiting } from "./errors/waiting.tsx";
import { Frame } from "./parts/frame.tsx";
import { PageSkeleton } from "./parts/skeletons.tsx";
import { placeOf, usePath } from "./router.tsx";
import { resume, useSession } from "./session.ts";
import { Shell } from "./shell/shell.tsx";

const Door = lazy(() => import("./sign-in/door.tsx"));
const SignedIn = lazy(() => import("./signed-in.tsx"));

/** The whole app. */
export function App() {
  return (
    <Frame>
      <Inside />
    </Frame>
  );
}

/** Whoever is signed in sees their screens, anyone else the door. */
function Inside() {
  const session = useSession();
  const path = usePath();
  const [fault, again] = useResumed();
  if (session.state === "known")
    return (
      <Suspense fallback={<Loading />}>
        <SignedIn key={session.me._id} me={session.me} round={session.round} />
      </Suspense>
    );
  return (
    <Shell>
      <Suspense fallback={<PageSkeleton />}>
        {session.state === "nobody" ? (
          <Door place={placeOf(path)} lost={session.lost} />
        ) : fault ? (
          <ErrorPage error={fault} again={again} beside={<Waiting />} />
        ) : (
          <PageSkeleton />
        )}
      </Suspense>
    </Shell>
  );
}

/** Asks once who is signed in from before; gives the error while that is not known, and how to ask at once. */
function useResumed(): readonly [fault: unknown, again: () => void] {
  const [fault, setFault] = useState<unknown>(null);
  const [asked, ask] = useReducer((count: number) => count + 1, 0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time that it is asked.
  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout>;
    const settled = (error: unknown) => {
      if (isOver) return;
      setFault(error);
      if (error) timer = setTimeout(ask, AGAIN_MS);
    };
    resume().then(() => settled(null), settled);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [asked]);
  useEffect(() => {
    addEventListener("online", ask);
    return () => removeEventListener("online", ask);
  }, []);
  return [fault, ask];
}

const AGAIN_MS = 3000;

const Loading = () => (
  <Shell>
    <PageSkeleton />
  </Shell>
);

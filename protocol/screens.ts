/**
 * The screens of the web app and the paths at which the server serves it; `:name` is a parameter. None of them is a
 * path of the API.
 */
export const SCREENS = {
  home: "/",
  signIn: "/sign-in",
  createAccount: "/create-account",
  setUp: "/set-up",
  reset: "/reset-password",
  class: "/classes/:classId",
  live: "/classes/:classId/live",
  room: "/classes/:classId/room",
  held: "/classes/:classId/sessions/:sessionId",
  account: "/account",
  people: "/administration/people",
  allClasses: "/administration/classes",
  audit: "/administration/audit",
  settings: "/administration/settings",
} as const;

export type ScreenName = keyof typeof SCREENS;

/** Whether the app is served at the path. */
export const isScreen = (path: string): boolean => SHAPES.some((shape) => shape.test(path));

const SHAPES = Object.values(SCREENS).map((path) => new RegExp(`^${path.replaceAll(/:\w+/g, "[^/]+")}$`));

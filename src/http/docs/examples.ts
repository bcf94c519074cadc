/** The people, the class and the session that every example of the documents is about. */
export const ADA = "65f1a2b3c4d5e6f708192a3b";
export const BEN = "65f1a2b3c4d5e6f708192a3c";
export const CLEO = "65f1a2b3c4d5e6f708192a3d";
export const CLASS = "65f1a2b3c4d5e6f708192b01";
export const SESSION = "65f1a2b3c4d5e6f708192c01";
export const ROOM = "65f1a2b3c4d5e6f708192d01";

/** Pages of Ada's and Ben's in the video room. */
export const PEER_ADA = "5b1e0c7f9a3d24680ace";
export const PEER_BEN = "9d3f6a1c4e8b70251bdf";

export const BROWSER = "65f1a2b3c4d5e6f708192e01";

export const BEN_SHOWN = { _id: BEN, name: "Ben", email: "ben@school.test" };
export const CLEO_SHOWN = { _id: CLEO, name: "Cleo", email: "cleo@school.test" };
export const CLASS_SHOWN = {
  _id: CLASS,
  className: "Physics 9b",
  teacherId: ADA,
  studentIds: [BEN, CLEO],
};
/** A one-time code, of nothing. */
export const CODE = "k7Yw2dQv4mC0v1gq8c1nJcC3aT2H8k1pXo1qkYx0m5f.0";
/** No real token: its signature is none. */
export const TOKEN = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VySWQiOiI2NWYxYTJiMyJ9.c2lnbmF0dXJl";
/** 5 January 2026, 08:00 UTC, in milliseconds. */
export const EIGHT = Date.UTC(2026, 0, 5, 8);

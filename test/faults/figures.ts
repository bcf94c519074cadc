/** What a storm came to, over all its rounds. */
export interface StormFigures {
  rounds: number;
  /** Marks and commands sent, and those of them that were seen broadcast or acknowledged. */
  sent: number;
  acknowledged: number;
  /** Commands of rollcall.v1 that were sent again after a kill. */
  resent: number;
  /** Promised and not there: marks, ends, starts and enrolments. */
  lost: number;
  /** Marks that are there once more than they were sent. */
  duplicated: number;
  /** Events that nobody asked for. */
  unsent: number;
  /** Sessions whose log does not replay or whose chain is broken, and whatever `verify` found. */
  gaps: number;
  /** Ends that a kill met: those that were there whole, and those that had not happened. */
  endsWhole: number;
  endsNotHappened: number;
  /** Starts and enrolments asked for around a kill. */
  starts: number;
  enrolments: number;
}

export const noFigures = (): StormFigures => ({
  rounds: 0,
  sent: 0,
  acknowledged: 0,
  resent: 0,
  lost: 0,
  duplicated: 0,
  unsent: 0,
  gaps: 0,
  endsWhole: 0,
  endsNotHappened: 0,
  starts: 0,
  enrolments: 0,
});
